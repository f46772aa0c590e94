using System.Globalization;
using Init.Simulator.SoftwareNsm;
using Init.Testing.Campaign;

namespace Init.Init.Tests.InitProcess;

/// <summary>The static executable as PID 1 of a namespace, where reboot(2) ends the namespace by SIGHUP: pid_namespaces(7).</summary>
public sealed class FirstProcessTests
{
    private const int EndedByReboot = 128 + 1;

    [FailureMode(7, "PID 1 returns")]
    [ProcessTheory(NeedsNamespace = true)]
    [InlineData("SEGV")]
    [InlineData("ABRT")]
    [InlineData("FPE")]
    [InlineData("SYS")]
    public void A_fatal_signal_is_a_line_and_a_reboot(string signal)
    {
        // The boot waits for the NSM, so that the console is still open.
        using BootedProcess process = new(new ProcessPlan { IsFirst = true, Faults = new SoftwareNsmFaults { MuteAfter = 0 } });
        process.WaitForLine("signals:");
        int id = process.FindId(isFirst: true);

        // Asleep: in managed code the runtime takes a SIGSEGV from outside for a null reference.
        Assert.True(SpinWait.SpinUntil(() => process.Nsm.Calls > 0 && Stat(id)[2] == "S", TimeSpan.FromSeconds(3)));
        BootedProcess.Signal(id, signal);
        Assert.Equal(EndedByReboot, process.WaitForExit());
        Assert.Equal($"[init] fatal: SIG{signal}", process.Lines[^1]);
    }

    [FailureMode(7, "PID 1 returns")]
    [ProcessFact(NeedsNamespace = true)]
    public void Sigterm_drains_and_reboots()
    {
        using BootedProcess process = new(new ProcessPlan { IsFirst = true });
        process.WaitForLine("ready:");
        BootedProcess.Signal(process.FindId(isFirst: true), "TERM");
        Assert.Equal(EndedByReboot, process.WaitForExit());
    }

    [FailureMode(7, "PID 1 returns")]
    [ProcessFact(NeedsNamespace = true)]
    public void A_boot_that_fails_reboots()
    {
        using BootedProcess process = new(new ProcessPlan { IsFirst = true, Arguments = ["init.nonsense=1"] });
        Assert.Equal(EndedByReboot, process.WaitForExit());
        Assert.Equal("[init] failed: arguments: init.nonsense=1: not a setting", process.Lines[^1]);
    }

    [FailureMode(37, "Orphans")]
    [ProcessFact(NeedsNamespace = true)]
    public void Orphans_are_reaped_without_spinning()
    {
        using BootedProcess process = new(new ProcessPlan { IsFirst = true });
        process.WaitForLine("ready:");
        int id = process.FindId(isFirst: true);
        long before = ProcessorTicks(id);
        for (int i = 0; i < 20; i++)
        {
            // The shell ends before its child does, which is then the first process's.
            BootedProcess.Run("nsenter", "--target", $"{id}", "--pid", "sh", "-c", "(sleep 0.05 & ) ; true");
        }

        string children = $"/proc/{id}/task/{id}/children";
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(children).Trim().Length == 0, TimeSpan.FromSeconds(30)));
        Assert.InRange(ProcessorTicks(id) - before, 0, 50); // of 10 ms
    }

    // proc(5), /proc/pid/stat: utime and stime are fields 14 and 15.
    private static long ProcessorTicks(int id) => Stat(id)[13..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));

    private static string[] Stat(int id) => File.ReadAllText($"/proc/{id}/stat").Split(' ');
}
