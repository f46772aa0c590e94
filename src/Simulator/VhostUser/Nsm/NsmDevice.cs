using Init.Nsm;
using Init.Simulator.SoftwareNsm;
using Init.Simulator.VhostUser.Rings;

namespace Init.Simulator.VhostUser.Nsm;

/// <summary>
/// The NSM's virtio device (id 33): one queue, and for each call two chains in it, the request and then room for the response (Linux
/// drivers/misc/nsm.c, QEMU hw/virtio/virtio-nsm.c). Owned by the back end's thread.
/// </summary>
internal sealed class NsmDevice(FaultyNsm nsm, Vring vring)
{
    /// <summary>Calls of one turn: QEMU's messages are looked at in between.</summary>
    private const int CallsATurn = 16;

    private readonly DescriptorChain _request = new();
    private readonly DescriptorChain _response = new();

    /// <summary>One byte more than a request may have, so that one that is too long is seen to be.</summary>
    private readonly byte[] _requestBytes = new byte[NsmLimits.RequestBytes + 1];

    private long _brokenRings;

    /// <summary>Whether there may be calls.</summary>
    public bool HasMore { get; private set; }

    /// <summary>How often the guest wrote nonsense into the ring.</summary>
    public long BrokenRings => Interlocked.Read(ref _brokenRings);

    /// <summary>The driver says that there are calls, or the queue has started and may have been filled before.</summary>
    public void Kicked() => HasMore = true;

    /// <summary>Answers calls, at most a turn's.</summary>
    public void Serve()
    {
        for (int call = 0; HasMore && call < CallsATurn; call++)
        {
            HasMore = vring.Queue is { IsBroken: false } queue && TryServeOne(queue);
        }
    }

    private bool TryServeOne(Virtqueue queue)
    {
        PopResult result = queue.Pop(_request, QueueDirection.FromGuest);
        if (result == PopResult.Chain)
        {
            result = queue.Pop(_response, QueueDirection.ToGuest);
            if (result == PopResult.Empty)
            {
                // Too early: the driver kicks again after the second.
                queue.Unpop();
            }
        }

        if (result == PopResult.Broken)
        {
            Interlocked.Increment(ref _brokenRings);
        }

        if (result != PopResult.Chain)
        {
            return false;
        }

        Answer(queue);
        return true;
    }

    /// <summary>A call that is never answered keeps its buffers, as on a device that fell silent.</summary>
    private void Answer(Virtqueue queue)
    {
        Span<byte> request = _requestBytes.AsSpan(0, (int)Math.Min(_request.Bytes, _requestBytes.Length));
        _request.TryCopyTo(request);
        if (nsm.Answer(request) is not { } reply)
        {
            return;
        }

        if (reply.Length > _response.Bytes)
        {
            byte[] error = NsmReplyWriter.Error("BufferTooSmall");
            reply = error.Length <= _response.Bytes ? error : [];
        }

        _response.CopyFrom(reply);
        queue.Push(_request.Head, 0);
        queue.Push(_response.Head, reply.Length);
    }
}
