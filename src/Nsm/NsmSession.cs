using Init.Linux;

namespace Init.Nsm;

/// <summary>
/// Owns the device: one thread calls it, callers wait in a queue of <see cref="NsmLimits.QueuedCalls"/> places.
/// </summary>
/// <remarks>
/// The device, the response buffer and nothing else belong to the thread <c>nsm</c>, which sleeps on the lock while there is no call.
/// The queue and the counters are guarded by the lock. A caller that gives up returns at once. What it asked for is not executed when it
/// was still waiting; when the device has it already, its place is free only after the device has answered, so abandoned calls
/// cannot pile up behind a slow device.
/// </remarks>
public sealed partial class NsmSession : INsm, IDisposable
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);
    private static readonly TimeSpan DisposeTimeout = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly LinkedList<NsmCall> _waiting = [];
    private readonly NsmTally _tally = new();
    private readonly TimeProvider _time;
    private readonly INsmDevice _device;
    private readonly Thread _thread;
    private NsmCall? _running;
    private NsmError? _end;

    /// <summary>Takes the device over and starts the thread.</summary>
    /// <param name="device">Opened; the session disposes of it.</param>
    /// <param name="time">Measures the callers' timeouts and the device's latency.</param>
    public NsmSession(INsmDevice device, TimeProvider time)
    {
        _device = device;
        _time = time;
        _thread = new Thread(ServeDevice) { IsBackground = true, Name = "nsm" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public bool IsLost
    {
        get
        {
            lock (_lock)
            {
                return _tally.IsLost;
            }
        }
    }

    /// <inheritdoc/>
    public NsmCounters Counters
    {
        get
        {
            lock (_lock)
            {
                return _tally.Read(Places, _device.Opens);
            }
        }
    }

    private int Places => _waiting.Count + (_running is null ? 0 : 1);

    /// <inheritdoc/>
    public ValueTask<NsmDescription> DescribeAsync(TimeSpan timeout, CancellationToken cancellation = default) =>
        CallAsync(NsmCommand.DescribeNsm, NsmRequests.DescribeNsm, NsmReplies.DescribeNsm, timeout, cancellation);

    /// <inheritdoc/>
    public NsmDescription Describe(TimeSpan timeout) => Call(NsmCommand.DescribeNsm, NsmRequests.DescribeNsm, NsmReplies.DescribeNsm, timeout);

    /// <inheritdoc/>
    public ValueTask<NsmPcr> DescribePcrAsync(int index, TimeSpan timeout, CancellationToken cancellation = default) =>
        CallAsync(NsmCommand.DescribePcr, () => NsmRequests.DescribePcr(index), NsmReplies.DescribePcr, timeout, cancellation);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ExtendPcrAsync(
        int index, ReadOnlyMemory<byte> data, TimeSpan timeout, CancellationToken cancellation = default) =>
        CallAsync(NsmCommand.ExtendPcr, () => NsmRequests.ExtendPcr(index, data), NsmReplies.ExtendPcr, timeout, cancellation);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ExtendPcr(int index, ReadOnlyMemory<byte> data, TimeSpan timeout) =>
        Call(NsmCommand.ExtendPcr, () => NsmRequests.ExtendPcr(index, data), NsmReplies.ExtendPcr, timeout);

    /// <inheritdoc/>
    public async ValueTask LockPcrAsync(int index, TimeSpan timeout, CancellationToken cancellation = default) =>
        await CallAsync(NsmCommand.LockPcr, () => NsmRequests.LockPcr(index), NsmReplies.LockPcr, timeout, cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public void LockPcr(int index, TimeSpan timeout) =>
        Call(NsmCommand.LockPcr, () => NsmRequests.LockPcr(index), NsmReplies.LockPcr, timeout);

    /// <inheritdoc/>
    public async ValueTask LockPcrsAsync(int range, TimeSpan timeout, CancellationToken cancellation = default) =>
        await CallAsync(NsmCommand.LockPcrs, () => NsmRequests.LockPcrs(range), NsmReplies.LockPcrs, timeout, cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> GetAttestationAsync(
        AttestationFields fields, TimeSpan timeout, CancellationToken cancellation = default) =>
        CallAsync(NsmCommand.Attestation, () => NsmRequests.Attestation(fields), NsmReplies.Attestation, timeout, cancellation);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetAttestation(AttestationFields fields, TimeSpan timeout) =>
        Call(NsmCommand.Attestation, () => NsmRequests.Attestation(fields), NsmReplies.Attestation, timeout);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> GetRandomAsync(TimeSpan timeout, CancellationToken cancellation = default) =>
        CallAsync(NsmCommand.GetRandom, NsmRequests.GetRandom, NsmReplies.GetRandom, timeout, cancellation);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetRandom(TimeSpan timeout) =>
        Call(NsmCommand.GetRandom, NsmRequests.GetRandom, NsmReplies.GetRandom, timeout);

    /// <summary>
    /// Fails what waits with <see cref="NsmError.Closed"/>, lets the thread close the device and waits for it, but at most a second: a call
    /// that blocks in the kernel cannot be interrupted. The thread then closes the device when that call returns.
    /// </summary>
    public void Dispose()
    {
        End(NsmError.Closed);
        _thread.Join(DisposeTimeout);
    }

    private T Call<T>(NsmCommand command, Func<byte[]> encode, ReplyReader<T> read, TimeSpan timeout)
    {
        NsmCall<T> call = Enqueue(command, encode, read, CancellationToken.None);
        if (!call.IsPublishedBefore(Deadline.After(Bounded(timeout), _time)))
        {
            GiveUp(call, NsmError.Deadline);

            // The device was faster, and is about to say so.
            call.IsPublishedBefore(Deadline.After(LongestTimeout));
        }

        return call.Take();
    }

    private async ValueTask<T> CallAsync<T>(
        NsmCommand command, Func<byte[]> encode, ReplyReader<T> read, TimeSpan timeout, CancellationToken cancellation)
    {
        NsmCall<T> call = Enqueue(command, encode, read, cancellation);
        try
        {
            await call.Published.WaitAsync(Bounded(timeout), _time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            GiveUp(call, NsmError.Deadline);
        }
        catch (OperationCanceledException)
        {
            GiveUp(call, NsmError.Cancelled);
        }

        // Complete: GiveUp throws unless the device was faster.
        await call.Published.ConfigureAwait(false);
        return call.Take();
    }

    private static TimeSpan Bounded(TimeSpan timeout) => TimeSpan.FromTicks(Math.Clamp(timeout.Ticks, 0, LongestTimeout.Ticks));

    private NsmCall<T> Enqueue<T>(NsmCommand command, Func<byte[]> encode, ReplyReader<T> read, CancellationToken cancellation)
    {
        try
        {
            NsmCall<T> call = new(command, encode(), read);
            lock (_lock)
            {
                if (WhyRefused(cancellation) is { } reason)
                {
                    throw Failure(command, reason);
                }

                _waiting.AddLast(call);
                Monitor.Pulse(_lock);
            }

            return call;
        }
        catch (NsmException refusal)
        {
            Count(refusal.Error);
            throw;
        }
    }

    private NsmError? WhyRefused(CancellationToken cancellation) =>
        _end is not null ? _end
        : cancellation.IsCancellationRequested ? NsmError.Cancelled
        : Places >= NsmLimits.QueuedCalls ? NsmError.Busy
        : null;

    /// <summary>Throws <paramref name="reason"/> unless the outcome is there.</summary>
    private void GiveUp<T>(NsmCall<T> call, NsmError reason)
    {
        lock (_lock)
        {
            switch (call.State)
            {
                case NsmCallState.Waiting:
                    _waiting.Remove(call);
                    call.State = NsmCallState.Over;
                    break;
                case NsmCallState.Running:
                    _tally.GivenUp++;
                    break;
                case NsmCallState.Over:
                    return;
            }

            _tally.Count(reason);
        }

        throw Failure(call.Command, reason);
    }

    private void Count(NsmError error)
    {
        lock (_lock)
        {
            _tally.Count(error);
        }
    }

    private static NsmException Failure(NsmCommand command, NsmError reason) => new(reason, $"{command}: {reason switch
    {
        NsmError.Busy => $"{NsmLimits.QueuedCalls} calls wait already",
        NsmError.Deadline => "the caller's timeout passed",
        NsmError.Cancelled => "the caller cancelled",
        NsmError.Lost => "the device stopped answering and is not called again",
        _ => "the session is closed",
    }}");
}
