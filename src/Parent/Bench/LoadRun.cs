using Init.Client;

namespace Init.Parent.Bench;

/// <summary>One load, from its first request to its last answer. It ends in bounded time whatever the enclave does.</summary>
/// <remarks>
/// Each connection has a task that has one request under way. In an open loop requests have moments at which they are due, a rate's
/// reciprocal apart, and the next free connection sends the next of them; its latency counts from when it was due, so that a stall is
/// seen by all who would have come meanwhile (no coordinated omission). A connection whose answer is late is left, and another made.
/// </remarks>
internal sealed class LoadRun
{
    /// <summary>Between attempts to connect, so that an enclave that refuses everybody does not keep this machine busy.</summary>
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(100);

    /// <summary>One that writes, and one that connects anew while the other is stuck.</summary>
    private const int ThreadsOfConnection = 2;

    private const int SpareThreads = 16;

    /// <summary>The requests that were never sent are counted in this many pieces at most.</summary>
    private const long UnsentPieces = 1000;

    private readonly LoadPlan _plan;
    private readonly Requests _requests;
    private readonly Func<CancellationToken, Task<EnclaveClient>> _connect;
    private readonly TimeProvider _time;
    private long _started;
    private long _taken;

    public LoadRun(LoadPlan plan, Requests requests, Func<CancellationToken, Task<EnclaveClient>> connect, TimeProvider time)
    {
        (_plan, _requests, _connect, _time) = (plan, requests, connect, time);
        Recorder = new LoadRecorder(plan);
    }

    public LoadRecorder Recorder { get; }

    /// <summary>How long requests were sent: the plan's duration, or less when interrupted.</summary>
    public TimeSpan Sent { get; private set; }

    /// <summary>The load so far, for who watches.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    /// <summary>Runs it; interrupted, it ends at once and what was counted stands.</summary>
    public async Task RunAsync(CancellationToken interrupted)
    {
        // Connecting and writing block a thread of the pool each while the enclave takes nothing; what watches the time must not wait for those.
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(workers, (ThreadsOfConnection * _plan.Connections) + SpareThreads), ports);
        using Pacer pacer = new(_time);
        using CancellationTokenSource sending = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        _started = _time.GetTimestamp();
        sending.CancelAfter(_plan.Duration);
        waiting.CancelAfter(_plan.Duration + _plan.Timeout);
        await using CancellationTokenRegistration wake = sending.Token.Register(pacer.Dispose);
        await Task.WhenAll(Enumerable.Range(0, _plan.Connections).Select(number => Task.Run(
            () => new Worker(this, pacer, new Random(number)).RunAsync(sending.Token, waiting.Token), CancellationToken.None)));
        Sent = interrupted.IsCancellationRequested && Elapsed < _plan.Duration ? Elapsed : _plan.Duration;
        CountUnsent();
    }

    /// <summary>When the next request is due, since the start; null when no more are.</summary>
    private TimeSpan? TakeNext()
    {
        if (_plan.Rate is not { } rate)
        {
            return Elapsed;
        }

        long number = Interlocked.Increment(ref _taken) - 1;
        return number < _plan.Due ? TimeSpan.FromSeconds(number / rate) : null;
    }

    private void CountUnsent()
    {
        if (_plan.Rate is not { } rate)
        {
            return;
        }

        // Those that a task took and did not send are counted there.
        long first = Math.Min(_taken, _plan.Due), end = Math.Min(_plan.Due, (long)Math.Ceiling(Sent.TotalSeconds * rate));
        long piece = Math.Max(1, (end - first) / UnsentPieces);
        for (; first < end; first += piece)
        {
            Recorder.Unsent(TimeSpan.FromSeconds(first / rate), Sent, Math.Min(piece, end - first));
        }
    }

    /// <summary>One connection, and its successors.</summary>
    private sealed class Worker(LoadRun run, Pacer pacer, Random random)
    {
        private EnclaveClient? _client;

        public async Task RunAsync(CancellationToken sending, CancellationToken waiting)
        {
            while (!sending.IsCancellationRequested && run.TakeNext() is { } due)
            {
                if (run._plan.Rate is not null)
                {
                    await pacer.WaitUntilAsync(run._started + (long)(due.TotalSeconds * run._time.TimestampFrequency));
                }

                if (sending.IsCancellationRequested)
                {
                    CountUnsent(due);
                    break;
                }

                await SendAsync(due, sending, waiting);
            }

            Leave();
        }

        private void CountUnsent(TimeSpan due)
        {
            if (run._plan.Rate is not null && due < run.Elapsed)
            {
                run.Recorder.Unsent(due, run.Elapsed, 1);
            }
        }

        private async Task SendAsync(TimeSpan due, CancellationToken sending, CancellationToken waiting)
        {
            int part = run._plan.Mix.IndexOf(random.NextDouble());
            try
            {
                // The client's own deadlines are for one who waits for an answer; here the load's count, and nothing is waited for beyond.
                _client ??= await run._connect(waiting).WaitAsync(run._plan.Timeout, run._time, waiting);
                await run._requests.SendAsync(_client, run._plan.Mix.Parts[part], waiting).WaitAsync(run._plan.Timeout, run._time, waiting);
                run.Recorder.Answered(part, due, run.Elapsed);
                return;
            }
            catch (ClientException exception)
            {
                run.Recorder.Failed(part, LoadErrors.Of(exception), due, run.Elapsed);
                if (exception.Reply is not null)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                run.Recorder.Failed(part, LoadErrors.Timeout, due, run.Elapsed);
            }

            Leave();
            await Task.Delay(ReconnectPause, run._time, sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        /// <summary>Not waited for: closing joins a thread, and what was under way fails elsewhere.</summary>
        private void Leave()
        {
            if (_client is { } client)
            {
                _ = Task.Run(client.Dispose);
                _client = null;
            }
        }
    }
}
