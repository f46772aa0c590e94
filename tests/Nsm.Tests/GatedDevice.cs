using System.Collections.Concurrent;
using Init.Linux;

namespace Init.Nsm.Tests;

/// <summary>A device that blocks in each call until the test lets it answer, as the driver does.</summary>
internal sealed class GatedDevice : INsmDevice
{
    private readonly BlockingCollection<Func<byte[]>> _answers = [];
    private int _entered;

    public long Opens => 1;

    /// <summary>The requests that reached the device.</summary>
    public ConcurrentQueue<byte[]> Requests { get; } = [];

    public bool IsDisposed { get; private set; }

    /// <summary>Whether a call's buffer ever held something of the call before.</summary>
    public bool SawOldBytes { get; private set; }

    /// <summary>Waits until a call number is inside the device.</summary>
    public Task Entered(int calls) => Sessions.Until(() => Volatile.Read(ref _entered) >= calls);

    /// <summary>Lets one call, the one inside or the next, return this.</summary>
    public void Answer(byte[] reply) => _answers.Add(() => reply);

    /// <summary>Lets one call fail.</summary>
    public void Fail(Errno errno) => _answers.Add(() => throw new LinuxException("call test device", errno));

    public int Exchange(ReadOnlySpan<byte> request, Span<byte> response)
    {
        SawOldBytes |= response.ContainsAnyExcept((byte)0);
        Requests.Enqueue(request.ToArray());
        Interlocked.Increment(ref _entered);
        byte[] reply = _answers.Take()();
        reply.AsSpan(0, Math.Min(reply.Length, response.Length)).CopyTo(response);
        return Math.Min(reply.Length, response.Length);
    }

    public void Dispose() => IsDisposed = true;
}
