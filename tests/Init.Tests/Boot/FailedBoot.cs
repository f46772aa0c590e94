using System.Text;
using Init.Boot;
using Init.Console;
using Init.Failure;

namespace Init.Init.Tests.Boot;

/// <summary>Boots a fake machine as Program does, to the failure that a test has arranged.</summary>
internal static class FailedBoot
{
    /// <summary>The console's lines.</summary>
    public static string[] Of(FakeMachine machine)
    {
        BootConsole console = new();
        FailureRoad failure = new(machine, console);
        BootSequence sequence = new(machine.Time, console, failure);
        using BootStages stages = new(machine, console, failure.StartTimestamp);
        Exception caught = Assert.ThrowsAny<Exception>(() => sequence.Run(stages.Table(sequence)));
        Assert.Throws<MachineEndedException>(() => failure.Take(sequence.Current, FailureReason.Of(caught, machine.ImageBase)));
        Assert.True(machine.EndedAsFailed);
        return Encoding.ASCII.GetString([.. machine.Console.Written]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
