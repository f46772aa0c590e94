using Init.Clock;
using Init.Testing.Campaign;

namespace Init.Init.Tests.Clock;

public sealed class ClockDisciplineTests
{
    private const long Ms = 1_000_000;
    private const long Second = 1_000 * Ms;
    private const long Start = 1_793_000_000 * Second;
    private const double SecondADayPpm = 1e6 / 86_400;

    public static TheoryData<double> Drifts { get; } = [0, SecondADayPpm, -SecondADayPpm, 6 * SecondADayPpm / 7, -6 * SecondADayPpm / 7, 50, -100, 100];

    [FailureMode(15, "The clock drifts")]
    [Theory]
    [MemberData(nameof(Drifts))]
    public void The_error_stays_under_100_ms_for_two_weeks(double driftPpm)
    {
        SimulatedClock clock = new(_ => driftPpm, Start + (123 * Ms));
        Run run = Simulate(clock, days: 14, Ms);
        Assert.InRange(run.WorstErrorNs, 0, 100 * Ms - 1);
        Assert.InRange(run.Frequency + driftPpm, -1, 1); // true time against the undisciplined clock: the other way round
        Assert.Equal(1, run.Steps);
        Assert.InRange(run.Samples, 1, 14 * 86_400 / 400); // one in about eight minutes
    }

    [Fact]
    public void Temperature_that_changes_the_drift_is_followed()
    {
        SimulatedClock clock = new(day => 20 + (15 * Math.Sin(2 * Math.PI * day)), Start);
        Run run = Simulate(clock, days: 14, Ms);
        Assert.InRange(run.WorstErrorNs, 0, 100 * Ms - 1);
    }

    [Fact]
    public void A_source_of_whole_seconds_is_narrowed_down()
    {
        SimulatedClock clock = new(_ => SecondADayPpm, Start + (777 * Ms));
        Run run = Simulate(clock, days: 3, Second, settle: 6 * 3600 * Second);
        Assert.InRange(run.WorstErrorNs, 0, 100 * Ms - 1);
    }

    [FailureMode(14, "A slow NSM reply")]
    [Fact]
    public void Slow_replies_are_rejected_and_asked_for_again_soon()
    {
        ClockDiscipline discipline = new();
        SimulatedClock clock = new(_ => 0, Start);
        clock.Apply(discipline.Decide(clock.Sample(Ms, Ms, Ms)));

        ClockDecision slow = discipline.Decide(clock.Sample(0, ClockDiscipline.MaxRoundTripNs + Ms, Ms));
        Assert.Equal(ClockAction.Reject, slow.Action);
        Assert.InRange(slow.NextIn, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(16));
        Assert.InRange(Math.Abs(clock.ErrorNs), 0, 2 * Ms);
    }

    [FailureMode(14, "A slow NSM reply")]
    [Fact]
    public void A_reply_of_just_the_allowed_time_is_taken()
    {
        SimulatedClock clock = new(_ => 0, Start);
        Assert.Equal(ClockAction.Step, new ClockDiscipline().Decide(clock.Sample(0, ClockDiscipline.MaxRoundTripNs, Ms)).Action);
    }

    [Theory]
    [InlineData(3 * 3600)]
    [InlineData(-3 * 3600)]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_wall_clock_that_somebody_stepped_is_stepped_back(long seconds)
    {
        ClockDiscipline discipline = new();
        SimulatedClock clock = new(_ => 0, Start);
        clock.Apply(discipline.Decide(clock.Sample(Ms, Ms, Ms)));
        clock.Pass(16 * Second);
        clock.StepBy(seconds * Second);

        ClockDecision decision = discipline.Decide(clock.Sample(Ms, Ms, Ms));
        Assert.Equal(ClockAction.Step, decision.Action);
        clock.Apply(decision);
        Assert.InRange(Math.Abs(clock.ErrorNs), 0, 2 * Ms);
    }

    [Fact]
    public void A_source_that_jumps_is_followed()
    {
        // The hypervisor's clock was corrected: what was known before is wrong.
        ClockDiscipline discipline = new();
        SimulatedClock before = new(_ => 0, Start);
        before.Apply(discipline.Decide(before.Sample(Ms, Ms, Ms)));
        before.Pass(100 * Second);
        ClockSample sample = before.Sample(Ms, Ms, Ms);
        ClockDecision decision = discipline.Decide(sample with { StampNs = sample.StampNs + (20 * Second) });
        Assert.Equal(ClockAction.Step, decision.Action);
        Assert.InRange(decision.CorrectionNs, (20 * Second) - (3 * Ms), (20 * Second) + (3 * Ms));
    }

    [FailureMode(15, "The clock drifts")]
    [Theory]
    [InlineData(400, false)]
    [InlineData(-400, false)]
    [InlineData(503, true)]
    public void Small_errors_are_slewed_and_large_ones_stepped(long milliseconds, bool isStepped)
    {
        ClockDiscipline discipline = new();
        SimulatedClock clock = new(_ => 0, Start);
        clock.Apply(discipline.Decide(clock.Sample(0, 0, 1)));
        clock.Pass(16 * Second);
        clock.StepBy(milliseconds * Ms);
        Assert.Equal(isStepped ? ClockAction.Step : ClockAction.Slew, discipline.Decide(clock.Sample(0, 0, 1)).Action);
    }

    [Fact]
    public void A_clock_that_is_right_is_let_be()
    {
        ClockDiscipline discipline = new();
        SimulatedClock clock = new(_ => 0, Start);
        clock.Apply(discipline.Decide(clock.Sample(0, 0, 1)));
        clock.Pass(16 * Second);
        Assert.Equal(ClockAction.None, discipline.Decide(clock.Sample(0, 0, 1)).Action);
    }

    /// <summary>Samples with round trips of 1 to 60 ms whose halves differ, one in fifty too slow; looks at the error every ten seconds.</summary>
    private static Run Simulate(SimulatedClock clock, int days, long resolutionNs, long settle = 0)
    {
        Random random = new(20260101);
        ClockDiscipline discipline = new();
        long end = clock.TrueNs + (days * 86_400L * Second), measureFrom = clock.TrueNs + settle, worst = 0;
        int samples = 0, steps = 0;
        while (clock.TrueNs < end)
        {
            bool isSlow = random.Next(50) == 0;
            ClockSample sample = clock.Sample(random.NextInt64(30 * Ms), isSlow ? random.NextInt64(500 * Ms, 3 * Second) : random.NextInt64(Ms, 30 * Ms), resolutionNs);
            ClockDecision decision = discipline.Decide(sample);
            clock.Apply(decision);
            samples++;
            steps += decision.Action == ClockAction.Step ? 1 : 0;
            for (long left = (long)(decision.NextIn.TotalSeconds * Second); left > 0 && steps > 0; left -= 10 * Second)
            {
                clock.Pass(Math.Min(left, 10 * Second)); // to the nanosecond: a part of a second matters to a source of whole ones
                worst = clock.TrueNs >= measureFrom ? Math.Max(worst, Math.Abs(clock.ErrorNs)) : worst;
            }
        }

        return new Run(worst, samples, steps, discipline.FrequencyPpm);
    }

    private sealed record Run(long WorstErrorNs, int Samples, int Steps, double Frequency);
}
