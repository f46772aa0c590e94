using Init.Linux;
using Init.Testing;
using Init.Testing.Campaign;
using static Init.Nsm.Tests.Sessions;

namespace Init.Nsm.Tests;

/// <summary>The queue, deadlines and the device's end, with a device that blocks until the test lets it answer.</summary>
public sealed class NsmSessionTests : IDisposable
{
    private readonly GatedDevice _device = new();
    private readonly ManualTime _time = new();
    private readonly NsmSession _session;

    public NsmSessionTests() => _session = new NsmSession(_device, _time);

    public void Dispose()
    {
        for (int call = 0; call < 2 * NsmLimits.QueuedCalls; call++)
        {
            _device.Fail(Errno.EIO); // whatever is still inside comes out
        }

        _session.Dispose();
    }

    [Fact]
    public async Task One_call_is_made_at_a_time_in_the_order_of_arrival()
    {
        Task<ReadOnlyMemory<byte>> first = _session.GetRandomAsync(Patience).AsTask();
        Task<NsmPcr> second = _session.DescribePcrAsync(3, Patience).AsTask();
        await _device.Entered(1);
        Assert.Single(_device.Requests);
        Assert.Equal(2, _session.Counters.Queued);
        _device.Answer(Replies.Random(7));
        Assert.Equal([7], (await first).ToArray());
        await _device.Entered(2);
        Assert.False(second.IsCompleted);
        Assert.Equal([NsmRequests.GetRandom(), NsmRequests.DescribePcr(3)], _device.Requests);
    }

    [FailureMode(31, "A burst of attestations")]
    [Fact]
    public async Task A_call_beyond_the_queue_is_refused_at_once_and_a_free_place_is_used_again()
    {
        Task<ReadOnlyMemory<byte>>[] calls =
            [.. Enumerable.Range(0, NsmLimits.QueuedCalls).Select(_ => _session.GetRandomAsync(Patience).AsTask())];
        Assert.Equal(NsmLimits.QueuedCalls, _session.Counters.Queued);
        Assert.Equal(NsmError.Busy, await ErrorOf(_session.GetRandomAsync(Patience)));
        _device.Answer(Replies.Random(1));
        await calls[0];
        Task<ReadOnlyMemory<byte>> late = _session.GetRandomAsync(Patience).AsTask();
        Assert.Equal(NsmError.Busy, await ErrorOf(_session.GetRandomAsync(Patience)));
        for (int call = 0; call < NsmLimits.QueuedCalls; call++)
        {
            _device.Answer(Replies.Random(2));
        }

        await Task.WhenAll([.. calls, late]);
        Assert.Equal(0, _session.Counters.Queued);
        Assert.Equal(2, _session.Counters.Errors[NsmError.Busy]);
    }

    [FailureMode(31, "A burst of attestations")]
    [Fact]
    public async Task A_caller_that_gives_up_keeps_its_place_until_the_device_has_answered()
    {
        Task<NsmError> given = ErrorOf(_session.GetRandomAsync(TimeSpan.FromSeconds(5)));
        await _device.Entered(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(NsmError.Deadline, await given);
        Assert.Equal(1, _session.Counters.Queued);
        Assert.Equal(1, _session.Counters.GivenUp);

        Task<ReadOnlyMemory<byte>>[] others =
            [.. Enumerable.Range(1, NsmLimits.QueuedCalls - 1).Select(_ => _session.GetRandomAsync(Patience).AsTask())];
        Assert.Equal(NsmError.Busy, await ErrorOf(_session.GetRandomAsync(Patience)));
        _device.Answer(Replies.Random(1)); // for the caller that is gone
        await _device.Entered(2);
        Assert.Equal(NsmLimits.QueuedCalls - 1, _session.Counters.Queued);
        Assert.All(others, other => Assert.False(other.IsCompleted));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_is_not_executed_and_frees_its_place()
    {
        Task<ReadOnlyMemory<byte>> running = _session.GetRandomAsync(Patience).AsTask();
        await _device.Entered(1);
        using CancellationTokenSource cancellation = new();
        Task<NsmError> cancelled = ErrorOf(_session.LockPcrAsync(16, Patience, cancellation.Token));
        Task<NsmPcr> behind = _session.DescribePcrAsync(16, Patience).AsTask();
        Assert.Equal(3, _session.Counters.Queued);
        await cancellation.CancelAsync();
        Assert.Equal(NsmError.Cancelled, await cancelled);
        Assert.Equal(2, _session.Counters.Queued);
        Assert.Equal(0, _session.Counters.GivenUp);
        _device.Answer(Replies.Random());
        await running;
        await _device.Entered(2);
        Assert.False(behind.IsCompleted);
        Assert.Equal([NsmRequests.GetRandom(), NsmRequests.DescribePcr(16)], _device.Requests);
    }

    [Fact]
    public async Task A_timeout_that_passes_while_a_call_waits_takes_it_out_of_the_queue()
    {
        Task<ReadOnlyMemory<byte>> running = _session.GetRandomAsync(Patience).AsTask();
        await _device.Entered(1);
        Task<NsmError> late = ErrorOf(_session.LockPcrAsync(16, TimeSpan.FromSeconds(1)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(NsmError.Deadline, await late);
        _device.Answer(Replies.Random());
        await running;
        Assert.Equal(0, _session.Counters.Queued);
        Assert.Single(_device.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_timeout_that_is_over_already_is_a_deadline(int seconds) =>
        Assert.Equal(NsmError.Deadline, await ErrorOf(_session.GetRandomAsync(TimeSpan.FromSeconds(seconds))));

    [Fact]
    public async Task The_longest_timeout_there_is_waits()
    {
        Task<ReadOnlyMemory<byte>> call = _session.GetRandomAsync(TimeSpan.MaxValue).AsTask();
        _device.Answer(Replies.Random(9));
        Assert.Equal([9], (await call).ToArray());
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_reaches_neither_queue_nor_device()
    {
        Assert.Equal(NsmError.Cancelled, await ErrorOf(_session.GetRandomAsync(Patience, new CancellationToken(canceled: true))));
        Assert.Empty(_device.Requests);
    }

    [Theory]
    [InlineData(Errno.ETIMEDOUT)]
    [InlineData(Errno.ENODATA)]
    public async Task A_lost_device_is_never_called_again(Errno errno)
    {
        Task<NsmError> first = ErrorOf(_session.GetRandomAsync(Patience));
        await _device.Entered(1);
        Task<NsmError> waiting = ErrorOf(_session.GetRandomAsync(Patience));
        Assert.False(_session.IsLost);
        _device.Fail(errno);
        Assert.Equal(NsmError.Lost, await first);
        Assert.Equal(NsmError.Lost, await waiting);
        Assert.Equal(NsmError.Lost, await ErrorOf(_session.GetRandomAsync(Patience)));
        Assert.True(_session.IsLost);
        Assert.True(_session.Counters.IsLost);
        Assert.Equal(3, _session.Counters.Errors[NsmError.Lost]);
        Assert.Single(_device.Requests);
        await Until(() => _device.IsDisposed);
    }

    [Fact]
    public async Task A_device_that_a_caller_gave_up_on_can_still_turn_out_lost()
    {
        Task<NsmError> given = ErrorOf(_session.GetRandomAsync(TimeSpan.FromSeconds(1)));
        await _device.Entered(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(NsmError.Deadline, await given);
        Assert.False(_session.IsLost);
        _device.Fail(Errno.ETIMEDOUT);
        await Until(() => _session.IsLost);
    }

    [Theory]
    [InlineData(Errno.EIO)]
    [InlineData(Errno.EMSGSIZE)]
    [InlineData(Errno.EFAULT)]
    [InlineData(Errno.EINVAL)]
    public async Task Another_errno_fails_the_call_and_not_the_device(Errno errno)
    {
        _device.Fail(errno);
        NsmException failure = await Assert.ThrowsAsync<NsmException>(() => _session.GetRandomAsync(Patience).AsTask());
        Assert.Equal(NsmError.DeviceFailed, failure.Error);
        Assert.Equal($"GetRandom: call test device: {errno}", failure.Message);
        _device.Answer(Replies.Random(5));
        Assert.Equal([5], (await _session.GetRandomAsync(Patience)).ToArray());
        Assert.Equal(1, _session.Counters.Errors[NsmError.DeviceFailed]);
    }

    [FailureMode(18, "EINTR storms")]
    [Fact]
    public async Task Interruptions_are_invisible()
    {
        for (int interruption = 0; interruption < 900; interruption++)
        {
            _device.Fail(Errno.EINTR);
        }

        _device.Answer(Replies.Random(5));
        Assert.Equal([5], (await _session.GetRandomAsync(Patience)).ToArray());
        Assert.Equal(1, _session.Counters.Calls[NsmCommand.GetRandom]);
        Assert.Empty(_session.Counters.Errors);
    }

    [FailureMode(18, "EINTR storms")]
    [Fact]
    public async Task Interruptions_without_end_are_a_failure()
    {
        for (int interruption = 0; interruption <= 1000; interruption++)
        {
            _device.Fail(Errno.EINTR);
        }

        _device.Answer(Replies.Random(5)); // too late
        Assert.Equal(NsmError.DeviceFailed, await ErrorOf(_session.GetRandomAsync(Patience)));
    }

    [FailureMode(34, "A reply near 12 KiB")]
    [Fact]
    public async Task A_reply_that_fills_the_buffer_is_refused_though_it_parses()
    {
        byte[] Document(int replyBytes) => Replies.Bytes("Attestation", "document", new byte[replyBytes - 26]);
        byte[] full = Document(NsmLimits.ResponseBytes);
        Assert.Equal(NsmLimits.ResponseBytes, full.Length);
        _device.Answer(full);
        Assert.Equal(NsmError.TruncatedReply, await ErrorOf(_session.GetAttestationAsync(default, Patience)));
        _device.Answer(Document(NsmLimits.ResponseBytes - 1));
        Assert.Equal(NsmLimits.ResponseBytes - 27, (await _session.GetAttestationAsync(default, Patience)).Length);
    }

    [Fact]
    public async Task Random_bytes_do_not_stay_in_the_buffer()
    {
        for (int call = 0; call < 2; call++)
        {
            _device.Answer(Replies.Random(Enumerable.Repeat((byte)0x5a, NsmLimits.RandomBytes).ToArray()));
            await _session.GetRandomAsync(Patience);
        }

        Assert.False(_device.SawOldBytes);
    }

    [Fact]
    public async Task What_a_caller_does_next_does_not_run_on_the_devices_thread()
    {
        async Task<string?> NextThread()
        {
            await _session.GetRandomAsync(Patience).ConfigureAwait(false);
            return Thread.CurrentThread.Name;
        }

        Task<string?> caller = NextThread();
        await _device.Entered(1);
        _device.Answer(Replies.Random(1));
        Assert.NotEqual("nsm", await caller);
    }

    [Fact]
    public async Task Latency_is_the_devices_and_the_longest_is_kept()
    {
        foreach (int seconds in new[] { 3, 1 })
        {
            Task<ReadOnlyMemory<byte>> call = _session.GetRandomAsync(Patience).AsTask();
            int entered = seconds == 3 ? 1 : 2;
            await _device.Entered(entered);
            _time.Advance(TimeSpan.FromSeconds(seconds));
            _device.Answer(Replies.Random());
            await call;
        }

        Assert.Equal(TimeSpan.FromSeconds(1), _session.Counters.LastLatency);
        Assert.Equal(TimeSpan.FromSeconds(3), _session.Counters.MaximumLatency);
    }

    [Fact]
    public async Task Disposing_closes_the_device_and_fails_later_calls()
    {
        _session.Dispose();
        Assert.True(_device.IsDisposed);
        Assert.Equal(NsmError.Closed, await ErrorOf(_session.GetRandomAsync(Patience)));
        Assert.False(_session.IsLost);
    }

    [Fact]
    public async Task Disposing_fails_what_waits_and_leaves_a_blocked_call_to_its_thread()
    {
        Task<ReadOnlyMemory<byte>> blocked = _session.GetRandomAsync(Patience).AsTask();
        await _device.Entered(1);
        Task<NsmError> waiting = ErrorOf(_session.GetRandomAsync(Patience));
        _session.Dispose(); // returns though the device does not
        Assert.Equal(NsmError.Closed, await waiting);
        Assert.False(_device.IsDisposed);
        _device.Answer(Replies.Random(8));
        Assert.Equal([8], (await blocked).ToArray());
        await Until(() => _device.IsDisposed);
        Assert.Single(_device.Requests);
    }

    [Fact]
    public async Task The_callers_bytes_are_read_before_its_task_is_returned()
    {
        byte[] nonce = [1, 2, 3];
        Task<NsmError> call = ErrorOf(_session.GetAttestationAsync(new AttestationFields { Nonce = nonce }, Patience));
        nonce.AsSpan().Clear();
        await _device.Entered(1);
        Assert.Equal(NsmRequests.Attestation(new AttestationFields { Nonce = new byte[] { 1, 2, 3 } }), Assert.Single(_device.Requests));
        _device.Fail(Errno.EIO);
        Assert.Equal(NsmError.DeviceFailed, await call);
    }
}
