using System.Net.Sockets;

namespace Init.Simulator.Qemu;

/// <summary>What a parent does for an enclave that boots: answers its heartbeat, takes its failure report.</summary>
internal sealed class ParentServices : IDisposable
{
    /// <summary>Where nitro-cli waits for the heartbeat.</summary>
    public const uint HeartbeatPort = 9000;

    /// <summary>Where init reports why it could not boot.</summary>
    public const uint FailurePort = 9001;

    private const byte HeartbeatByte = 0xB7;
    private const int MaxReportBytes = 64 * 1024;

    private readonly TaskCompletionSource<TimeSpan> _heartbeat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<FailureReport> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<HostListener> _listeners = [];
    private readonly TimeProvider _time;
    private readonly long _start;

    /// <summary>Starts those that are wanted.</summary>
    /// <exception cref="SimulatorException">SocketInUse.</exception>
    public ParentServices(string path, QemuEnclaveOptions options, long start)
    {
        _time = options.Time;
        _start = start;
        try
        {
            if (options.AnswersHeartbeat)
            {
                _listeners.Add(new HostListener(path, HeartbeatPort, AnswerAsync));
            }

            if (options.ListensForFailure)
            {
                _listeners.Add(new HostListener(path, FailurePort, TakeReportAsync));
            }
        }
        catch (SimulatorException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>When the first heartbeat came.</summary>
    public Task<TimeSpan> Heartbeat => _heartbeat.Task;

    /// <summary>The first failure report.</summary>
    public Task<FailureReport> Failure => _failure.Task;

    /// <inheritdoc/>
    public void Dispose() => _listeners.ForEach(l => l.Dispose());

    private async Task AnswerAsync(Socket connection, CancellationToken stop)
    {
        byte[] beat = new byte[1];
        if (await connection.ReceiveAsync(beat, stop).ConfigureAwait(false) == 1 && beat[0] == HeartbeatByte)
        {
            _heartbeat.TrySetResult(_time.GetElapsedTime(_start));
            await connection.SendAsync(beat, stop).ConfigureAwait(false);
        }
    }

    /// <summary>The record is everything up to the end of the stream. One that is too long is cut: it is for people to read.</summary>
    private async Task TakeReportAsync(Socket connection, CancellationToken stop)
    {
        byte[] report = new byte[MaxReportBytes];
        int total = 0;
        int count;
        do
        {
            count = await connection.ReceiveAsync(report.AsMemory(total), stop).ConfigureAwait(false);
            total += count;
        }
        while (count > 0 && total < report.Length);

        _failure.TrySetResult(FailureReport.Read(_time.GetElapsedTime(_start), report.AsMemory(0, total)));
    }
}
