using Init.Clock;
using Init.Linux;
using Init.Server;

namespace Init.Lifecycle;

/// <summary>What the main thread does once the enclave is ready: signals, dead children, the clock. It sleeps otherwise.</summary>
/// <param name="time">Tells deadlines.</param>
/// <param name="signals">SIGTERM, SIGINT, SIGCHLD.</param>
/// <param name="clock">Is synced when it wants to be.</param>
/// <param name="server">Its drain is the end.</param>
/// <param name="drain">How long what is in flight at a signal may still take.</param>
internal sealed class MainLoop(
    TimeProvider time, SignalSource signals, ClockKeeper clock, EnclaveServer server, TimeSpan drain) : IDisposable
{
    private const ulong SignalToken = 1;
    private const ulong DrainedToken = 2;

    // Beyond the time for draining, for cancelled work to be answered and sockets to be closed.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly EventCounter _drained = new();
    private Deadline? _end;

    /// <summary>Returns when the server has drained: a signal or a client asked for it.</summary>
    public void Run()
    {
        using Epoll epoll = new();
        epoll.Add(signals.Number, EpollEvents.In, SignalToken);
        epoll.Add(_drained.Number, EpollEvents.In, DrainedToken);
        _ = server.Drained.ContinueWith(
            (_, state) => ((EventCounter)state!).Signal(),
            _drained,
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);

        Span<EpollEvent> events = new EpollEvent[2];
        Deadline sync = Deadline.After(clock.NextIn, time);
        while (!server.Drained.IsCompleted && _end?.HasPassed != true)
        {
            int timeoutMs = Math.Min(sync.RemainingMs, _end?.RemainingMs ?? int.MaxValue);
            epoll.Wait(events, timeoutMs);
            ReadSignals();
            if (sync.HasPassed)
            {
                clock.Sync();
                sync = Deadline.After(clock.NextIn, time);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _drained.Dispose();

    private void ReadSignals()
    {
        while (signals.TryRead(out Signal signal))
        {
            if (signal == Signal.SIGCHLD)
            {
                ChildReaper.ReapAll();
            }
            else if (_end is null)
            {
                server.BeginDrain(drain);
                _end = Deadline.After(drain + Grace, time);
            }
        }
    }
}
