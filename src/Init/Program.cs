using System.Diagnostics.CodeAnalysis;
using Init.Boot;
using Init.Console;
using Init.Failure;

namespace Init;

/// <summary>PID 1 of the enclave.</summary>
internal static class Program
{
    /// <summary>Boots and serves a machine until its end. Never returns, and nothing gets out of it.</summary>
    [DoesNotReturn]
    public static void Run(IMachine machine)
    {
        BootConsole console = new();
        FailureRoad failure = new(machine, console);
        BootSequence sequence = new(machine.Time, console, failure);
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
            failure.Take(sequence.Current, FailureReason.Of((Exception)unhandled.ExceptionObject, machine.ImageBase));
        try
        {
            BootStages stages = new(machine, console, failure.StartTimestamp);
            sequence.Run(stages.Table(sequence));
            machine.ForgetConsole();
            console.Close();
            stages.MainLoop!.Run();
        }
        catch (Exception exception)
        {
            failure.Take(sequence.Current, FailureReason.Of(exception, machine.ImageBase));
        }

        machine.End(failed: false);
    }

    // Words that the kernel does not know end up among the arguments: none is read.
    private static void Main() => Run(new EnclaveMachine());
}
