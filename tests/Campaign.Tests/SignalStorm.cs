using System.Globalization;
using System.Runtime.InteropServices;

namespace Init.Campaign.Tests;

/// <summary>Sends a signal to every thread of a process without pause, each of which runs a handler and interrupts what the thread waits in.</summary>
/// <remarks>
/// The signal is the one by which .NET asks a thread to stop for a collection (SIGRTMIN): its handler is there, and does nothing for a signal
/// that another process has sent.
/// </remarks>
internal sealed class SignalStorm : IDisposable
{
    private const int Sigrtmin = 34;
    private const int ListThreadsEvery = 100;

    private readonly int _process;
    private readonly Thread _sender;
    private volatile bool _isOver;
    private long _sent;

    public SignalStorm(int process)
    {
        _process = process;
        _sender = new Thread(Send) { IsBackground = true };
        _sender.Start();
    }

    /// <summary>Signals so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public void Dispose()
    {
        _isOver = true;
        _sender.Join();
    }

    private void Send()
    {
        int[] threads = [];
        for (int round = 0; !_isOver; round++)
        {
            if (round % ListThreadsEvery == 0)
            {
                threads = [.. Directory.GetDirectories($"/proc/{_process}/task").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))];
            }

            foreach (int thread in threads)
            {
                _sent += TgKill(_process, thread, Sigrtmin) == 0 ? 1 : 0; // a thread that has ended is no error
            }

            Thread.Yield();
        }
    }

    [DllImport("libc", EntryPoint = "tgkill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int TgKill(int process, int thread, int signal);
}
