using System.Diagnostics;
using System.Text;
using Init.Simulator.SoftwareNsm;
using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Init.Tests.InitProcess;

/// <summary>Each way to fail ends the static executable with its one line, a record to the parent, and in time.</summary>
public sealed class FailureTests
{
    // The enclave has 10 s; the machine of a test is shared.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [FailureMode(7, "PID 1 returns")]
    [FailureMode(36, "The CRS is missing, short or wrong")]
    [ProcessTheory]
    [InlineData("no CRS", "crs: CRS file ", "bn254_g1.dat: missing")]
    [InlineData("short CRS", "crs: CRS file ", "expected 2 to 67108864 points, found 1")]
    [InlineData("pinned CRS", "crs: CRS file ", "expected SHA-256 5555")]
    [InlineData("wrong rng", "entropy: rng_current is 'virtio_rng.0', not nsm-hwrng", "")]
    [InlineData("mute NSM", "nsm: DescribeNsm: the caller's timeout passed", "")]
    [InlineData("failing NSM", "nsm: DescribeNsm", "InternalError")]
    [InlineData("no heartbeat", "heartbeat: read the heartbeat's echo: TimedOut, 4 times", "")]
    [InlineData("bad setting", "arguments: init.port=x: the value may be", "")]
    public async Task A_boot_that_fails_says_why_and_ends(string what, string start, string end)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using BootedProcess process = new(PlanFor(what));
        Assert.Equal(1, process.WaitForExit());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Bound);

        string last = process.Lines[^1];
        Assert.StartsWith($"[init] failed: {start}", last);
        Assert.Contains(end, last, StringComparison.Ordinal);
        Assert.Single(process.Lines, line => line.Contains("failed", StringComparison.Ordinal));

        string stage = start[..start.IndexOf(':', StringComparison.Ordinal)];
        byte[] record = await process.Report.WaitAsync(Bound);
        Assert.Equal((byte[])[0xa3, 1, (byte)(0x60 + stage.Length), .. Encoding.ASCII.GetBytes(stage)], record[..(3 + stage.Length)]);
    }

    [FailureMode(5, "The heartbeat fails")]
    [ProcessFact]
    public void An_optional_heartbeat_that_nobody_answers_is_tolerated()
    {
        using BootedProcess process = new(new ProcessPlan { AnswersHeartbeat = false, Arguments = ["init.heartbeat=optional"] });
        process.WaitForLine("ready:");
        Assert.Contains("read the heartbeat's echo: TimedOut", process.WaitForLine("heartbeat:"), StringComparison.Ordinal);
    }

    [FailureMode(7, "PID 1 returns")]
    [ProcessTheory]
    [InlineData("throw", "InvalidOperationException at( 0x[0-9a-f]{4,7}){2,4}[^0-9a-f ]")]
    [InlineData("memory", "OutOfMemoryException at( 0x[0-9a-f]{4,7}){2,4}[^0-9a-f ]")]
    public async Task An_exception_that_nobody_catches_is_a_failure_too_and_what_it_quotes_is_not_told(string way, string reason)
    {
        using BootedProcess process = new(new ProcessPlan { Arguments = ["--crash", way] });
        Assert.Equal(1, process.WaitForExit());
        string record = Encoding.ASCII.GetString(await process.Report.WaitAsync(Bound));
        Assert.Matches(reason, record);
        Assert.DoesNotContain("what a request said", record, StringComparison.Ordinal);
        Assert.Empty(process.StandardError);
    }

    [ProcessTheory]
    [InlineData("SEGV", 139)]
    [InlineData("ABRT", 134)]
    [InlineData("BUS", 135)]
    public void As_another_inits_child_a_fatal_signal_takes_its_default_action(string signal, int exitCode)
    {
        using BootedProcess process = new(new ProcessPlan());
        process.WaitForLine("ready:");
        BootedProcess.Signal(process.FindId(isFirst: false), signal);
        Assert.Equal(exitCode, process.WaitForExit());
    }

    [ProcessFact]
    public void A_stack_that_overflows_ends_it()
    {
        using BootedProcess process = new(new ProcessPlan { Arguments = ["--crash", "stack"] });
        Assert.Contains(process.WaitForExit(), new[] { 134, 139 });
    }

    private static ProcessPlan PlanFor(string what) => what switch
    {
        "no CRS" => new() { Crs = Places.Scratch("no-crs") },
        "short CRS" => new() { Crs = ShortCrs() },
        "pinned CRS" => new() { Arguments = [$"init.crs_sha256={new string('5', 64)}"] },
        "wrong rng" => new() { Arguments = ["--rng", "virtio_rng.0"] },
        "mute NSM" => new() { Faults = new SoftwareNsmFaults { MuteAfter = 0 } },
        "failing NSM" => new() { Faults = new SoftwareNsmFaults { ErrorName = "InternalError" } },
        "no heartbeat" => new() { AnswersHeartbeat = false },
        _ => new() { Arguments = ["init.port=x"] },
    };

    private static string ShortCrs()
    {
        string folder = Places.Scratch("short-crs");
        File.WriteAllBytes(Path.Combine(folder, "bn254_g1.dat"), File.ReadAllBytes(Path.Combine(Places.CeremonyCrs, "bn254_g1.dat"))[..64]);
        File.Copy(Path.Combine(Places.CeremonyCrs, "bn254_g2.dat"), Path.Combine(folder, "bn254_g2.dat"));
        return folder;
    }
}
