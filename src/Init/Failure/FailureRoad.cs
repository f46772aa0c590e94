using System.Diagnostics.CodeAnalysis;
using Init.Boot;
using Init.Console;
using Init.Linux;

namespace Init.Failure;

/// <summary>The one way that a failed enclave ends: a line on the console, a record to the parent, the end of the machine.</summary>
/// <remarks>Any thread. The first to come takes it; whoever comes later waits for the end.</remarks>
/// <param name="machine">Ends.</param>
/// <param name="console">Where the line goes, while there is one.</param>
internal sealed class FailureRoad(IMachine machine, BootConsole console)
{
    /// <summary>How long telling the parent may take.</summary>
    public static readonly TimeSpan ReportTime = TimeSpan.FromSeconds(1);

    private readonly long _start = machine.Time.GetTimestamp();
    private int _isTaken;

    /// <summary>When the process began, as a timestamp of the machine's time.</summary>
    public long StartTimestamp => _start;

    /// <summary>Ends the enclave.</summary>
    /// <param name="stage">Where it failed.</param>
    /// <param name="reason">Operation, object, cause.</param>
    [DoesNotReturn]
    public void Take(string stage, string reason)
    {
        if (Interlocked.Exchange(ref _isTaken, 1) != 0)
        {
            WaitForTheEnd();
        }

        if (console.IsUnopened)
        {
            OpenConsole();
        }

        console.WriteLine($"failed: {stage}: {reason}");
        Report(new FailureRecord(stage, reason, machine.Time.GetElapsedTime(_start)));
        machine.End(failed: true);
    }

    [DoesNotReturn]
    private static void WaitForTheEnd()
    {
        using ManualResetEvent never = new(false);
        while (true)
        {
            never.WaitOne();
        }
    }

    // The image may have brought a /dev/console even if what should have mounted /dev has failed.
    private void OpenConsole()
    {
        try
        {
            console.Open(machine.OpenConsole());
        }
        catch (LinuxException)
        {
            console.Open(null);
        }
    }

    // Best effort: vsock may not be there, and nobody may listen.
    private void Report(FailureRecord record)
    {
        Deadline deadline = Deadline.After(ReportTime, machine.Time);
        try
        {
            using IDescriptor connection = machine.ConnectToParent(FailureRecord.Port, ReportTime);
            DescriptorIo.WriteAll(connection, record.Encode(), deadline);
            connection.Shutdown(ShutdownSides.Write);

            // Until the parent has closed: a machine that ends takes what is on its way with it.
            DescriptorIo.ReadSome(connection, stackalloc byte[1], deadline);
        }
        catch (LinuxException)
        {
            return;
        }
    }
}
