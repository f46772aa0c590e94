using Init.Boot;
using Init.Clock;
using Init.Nsm;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Init.Tests.Clock;

/// <summary>Two weeks at a time, in simulation.</summary>
public sealed class ClockKeeperTests
{
    private const double MaxErrorMs = 100;

    private static readonly TimeSpan Weeks = TimeSpan.FromDays(14);

    public static TheoryData<string, double> Drifts { get; } = new()
    {
        { "1 s a day, as a talk reports", 1 / 86_400.0 * 1e6 },
        { "6 s a week, as evervault/enclaves PR 195 reports", -6 / 604_800.0 * 1e6 },
        { "100 ppm", 100 },
        { "-300 ppm", -300 },
        { "none", 0 },
    };

    [FailureMode(15, "The clock drifts")]
    [Theory]
    [MemberData(nameof(Drifts))]
    public void The_error_stays_below_100_ms_for_two_weeks_of_drift(string what, double ppm)
    {
        SimulatedMachine machine = new(what.Length) { DriftPpm = _ => ppm };
        (ClockKeeper keeper, double worstMs) = Run(machine, Weeks);
        Assert.InRange(worstMs, 0, MaxErrorMs);

        Assert.InRange(machine.Calls, 1, 2500);
        Assert.InRange(Math.Abs(keeper.Health.DriftPpb + (ppm * 1000)), 0, 1500);
        Assert.Equal(1UL, keeper.Health.Steps);
        Assert.Equal("nsm", keeper.Health.Source);
    }

    [Fact]
    public void A_slow_module_of_90_ms_a_call_is_good_enough()
    {
        SimulatedMachine machine = new(1)
        {
            DriftPpm = _ => 12,
            Latency = random => (TimeSpan.FromMilliseconds(80 + (random.NextDouble() * 10)), random.NextDouble()),
        };
        Assert.InRange(Run(machine, Weeks).WorstMs, 0, MaxErrorMs);
    }

    [Fact]
    public void A_rate_that_follows_the_day_is_followed()
    {
        SimulatedMachine machine = new(2) { DriftPpm = at => 20 + (8 * Math.Sin(at.TotalDays * 2 * Math.PI)) };
        Assert.InRange(Run(machine, Weeks).WorstMs, 0, MaxErrorMs);
    }

    [Fact]
    public void A_rate_that_jumps_is_found_out()
    {
        SimulatedMachine machine = new(3) { DriftPpm = at => at.TotalHours % 20 < 10 ? 5 : -25 };
        Assert.InRange(Run(machine, Weeks).WorstMs, 0, MaxErrorMs);
    }

    [FailureMode(14, "A slow NSM reply")]
    [Fact]
    public void Slow_replies_are_rejected_and_do_no_harm()
    {
        SimulatedMachine machine = new(4)
        {
            DriftPpm = _ => 12,
            Latency = random => random.Next(3) == 0
                ? (TimeSpan.FromMilliseconds(501 + (random.NextDouble() * 60_000)), 0.99)
                : (TimeSpan.FromMilliseconds(5), 0.5),
        };
        (ClockKeeper keeper, double worstMs) = Run(machine, Weeks);
        Assert.InRange(worstMs, 0, MaxErrorMs);
        Assert.InRange(keeper.Health.RejectedSamples, 100UL, 2000UL);
    }

    [FailureMode(13, "The wall clock steps")]
    [Theory]
    [InlineData(3.0)]
    [InlineData(-3.0)]
    [InlineData(0.3)]
    [InlineData(-86_400.0)]
    public void A_wall_clock_that_somebody_sets_is_right_again_after_the_next_sample(double seconds)
    {
        SimulatedMachine machine = new(5) { DriftPpm = _ => 12 };
        ClockKeeper keeper = new(machine, machine.ReadTrustedMs, machine.Time);
        keeper.Start();
        Simulate(machine, keeper, TimeSpan.FromDays(1));
        machine.Disturb(TimeSpan.FromSeconds(seconds));
        keeper.Sync();
        bool isSlewed = Math.Abs(seconds) < 0.5;
        Assert.Equal(isSlewed ? 1UL : 2UL, keeper.Health.Steps);
        machine.Pass(TimeSpan.FromSeconds(isSlewed ? 600 : 0));
        Assert.InRange(machine.ErrorMs, 0, 10);
        Assert.InRange(keeper.Health.OffsetUs, (long)(-seconds * 1e6) - 10_000, (long)(-seconds * 1e6) + 10_000);

        // The rate was not confused by it.
        Assert.InRange(Simulate(machine, keeper, TimeSpan.FromDays(1)), 0, MaxErrorMs);
    }

    [FailureMode(13, "The wall clock steps")]
    [Theory]
    [InlineData(0.2)]
    [InlineData(-5.0)]
    public void A_hypervisor_that_sets_its_clock_is_followed(double seconds)
    {
        SimulatedMachine machine = new(6) { DriftPpm = _ => 40 };
        ClockKeeper keeper = new(machine, machine.ReadTrustedMs, machine.Time);
        keeper.Start();
        Simulate(machine, keeper, TimeSpan.FromDays(1));
        machine.MoveTruth(TimeSpan.FromSeconds(seconds));
        keeper.Sync();
        Assert.InRange(keeper.Health.DriftPpb, -41_500, -38_500);
        machine.Pass(TimeSpan.FromMinutes(10));
        Assert.InRange(Simulate(machine, keeper, TimeSpan.FromDays(1)), 0, MaxErrorMs);
    }

    [Fact]
    public void Stamps_of_whole_seconds_are_narrowed_down_to_a_tenth()
    {
        SimulatedMachine machine = new(7) { DriftPpm = _ => 12, ResolutionMs = 1000 };
        ClockKeeper keeper = new(machine, machine.ReadTrustedMs, machine.Time);
        keeper.Start();
        Assert.InRange(machine.ErrorMs, 0, 520);
        Simulate(machine, keeper, TimeSpan.FromMinutes(15));
        Assert.InRange(Simulate(machine, keeper, Weeks), 0, MaxErrorMs);
    }

    [Fact]
    public void The_device_makes_it_better_where_the_module_allows_it()
    {
        SimulatedMachine machine = new(8) { DriftPpm = _ => 100, DeviceError = TimeSpan.Zero };
        (ClockKeeper keeper, double worstMs) = Run(machine, TimeSpan.FromDays(2));
        Assert.Equal("ptp", keeper.Health.Source);
        Assert.InRange(worstMs, 0, 20);
    }

    [Fact]
    public void A_device_that_the_module_contradicts_is_not_believed()
    {
        SimulatedMachine machine = new(9) { DriftPpm = _ => 100, DeviceError = TimeSpan.FromSeconds(1) };
        (ClockKeeper keeper, double worstMs) = Run(machine, TimeSpan.FromDays(2));
        Assert.Equal("nsm", keeper.Health.Source);
        Assert.InRange(worstMs, 0, MaxErrorMs);
    }

    [Fact]
    public void A_clock_that_no_sample_is_good_enough_for_ends_the_enclave()
    {
        SimulatedMachine machine = new(10) { Latency = _ => (TimeSpan.FromMilliseconds(501), 0.5) };
        ClockKeeper keeper = new(machine, machine.ReadTrustedMs, machine.Time);
        Assert.Throws<StageException>(keeper.Start);
        Assert.Equal(3, machine.Calls);
    }

    [Fact]
    public void A_module_that_is_lost_costs_fewer_and_fewer_wake_ups_and_the_rate_stays()
    {
        SimulatedMachine machine = new(11) { DriftPpm = _ => 100 };
        ClockKeeper keeper = new(machine, machine.ReadTrustedMs, machine.Time);
        keeper.Start();
        Simulate(machine, keeper, TimeSpan.FromDays(1));
        machine.Failure = () => new NsmException(NsmError.Lost, "lost");
        int before = machine.Calls;
        double worstMs = Simulate(machine, keeper, TimeSpan.FromDays(1));
        Assert.InRange(machine.Calls - before, 1, 100);
        Assert.InRange(worstMs, 0, 200);
        Assert.InRange(keeper.Health.LastSyncAgeMs!.Value, 86_000_000UL, 88_000_000UL);
    }

    [FailureMode(11, "Another clock source")]
    [Fact]
    public void Before_the_first_sample_health_says_so()
    {
        SimulatedMachine machine = new(12);
        ClockHealth health = new ClockKeeper(machine, machine.ReadTrustedMs, machine.Time).Health;
        Assert.Null(health.LastSyncAgeMs);
        Assert.Equal("simulated", health.Clocksource);
    }

    private static (ClockKeeper Keeper, double WorstMs) Run(SimulatedMachine machine, TimeSpan duration)
    {
        machine.Disturb(TimeSpan.FromHours(3));
        ClockKeeper keeper = new(machine, machine.ReadTrustedMs, machine.Time);
        keeper.Start();
        return (keeper, Simulate(machine, keeper, duration));
    }

    /// <summary>The largest error, in milliseconds.</summary>
    private static double Simulate(SimulatedMachine machine, ClockKeeper keeper, TimeSpan duration)
    {
        TimeSpan end = machine.Elapsed + duration;
        TimeSpan next = machine.Elapsed + keeper.NextIn;
        double worst = 0;
        while (machine.Elapsed < end)
        {
            TimeSpan left = next - machine.Elapsed;
            machine.Pass(left < TimeSpan.FromSeconds(10) ? left : TimeSpan.FromSeconds(10));
            worst = Math.Max(worst, machine.ErrorMs);
            if (machine.Elapsed >= next)
            {
                keeper.Sync();
                next = machine.Elapsed + keeper.NextIn;
            }
        }

        return worst;
    }
}
