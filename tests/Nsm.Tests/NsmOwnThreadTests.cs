using Init.Linux;
using static Init.Nsm.Tests.Sessions;

namespace Init.Nsm.Tests;

/// <summary>Callers that wait on a thread of their own, as boot does.</summary>
public sealed class NsmOwnThreadTests : IDisposable
{
    private readonly GatedDevice _device = new();
    private readonly NsmSession _session;

    // The system's clock: nobody is there to move another one while the caller's thread waits.
    public NsmOwnThreadTests() => _session = new NsmSession(_device, TimeProvider.System);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_thread_of_the_callers_own_waits_for_the_answer()
    {
        _device.Answer(Replies.Random(7));
        Assert.Equal([7], _session.GetRandom(Patience).ToArray());
        _device.Fail(Errno.EIO);
        Assert.Equal(NsmError.DeviceFailed, Assert.Throws<NsmException>(() => _session.GetRandom(Patience)).Error);
    }

    [Fact]
    public async Task A_thread_of_the_callers_own_gives_up_when_its_time_has_passed()
    {
        Task<ReadOnlyMemory<byte>> before = _session.GetRandomAsync(Patience).AsTask();
        await _device.Entered(1);
        Assert.Equal(NsmError.Deadline, Assert.Throws<NsmException>(() => _session.Describe(TimeSpan.FromMilliseconds(20))).Error);
        Assert.Equal(1, _session.Counters.Queued);
        _device.Answer(Replies.Random(8));
        Assert.Equal([8], (await before).ToArray());
        Assert.Single(_device.Requests);
    }

    [Fact]
    public void A_lost_device_fails_a_thread_of_the_callers_own_at_once()
    {
        _device.Fail(Errno.ETIMEDOUT);
        Assert.Equal(NsmError.Lost, Assert.Throws<NsmException>(() => _session.LockPcr(16, Patience)).Error);
        Assert.Equal(NsmError.Lost, Assert.Throws<NsmException>(() => _session.GetAttestation(default, Patience)).Error);
    }
}
