namespace Init.Simulator.VhostUser.Connections;

/// <summary>
/// One connection's credit, both ways (virtio 1.2, 5.10.6.3). Counters wrap at 2^32, as on the wire. Whatever the guest
/// says, what may be sent to it never exceeds the buffer it last announced.
/// </summary>
internal struct CreditAccount
{
    /// <summary>What the guest may have under way to the host on one connection.</summary>
    public const uint BufferBytes = 256 * 1024;

    /// <summary>The guest is told about room only when this much has become free: fewer packets, and the guest never stalls for it.</summary>
    private const uint UpdateBytes = BufferBytes / 4;

    private uint _guestBuffer;
    private uint _guestForwarded;
    private uint _sent;
    private uint _received;
    private uint _forwarded;
    private uint _told;

    /// <summary>How many bytes may be sent to the guest now.</summary>
    public readonly uint Sendable
    {
        get
        {
            uint underWay = unchecked(_sent - _guestForwarded);
            return underWay >= _guestBuffer ? 0 : _guestBuffer - underWay;
        }
    }

    /// <summary>Whether the guest should hear of the room that has become free.</summary>
    public readonly bool IsUpdateDue => unchecked(_forwarded - _told) >= UpdateBytes;

    /// <summary>Takes the credit fields that every packet of the guest carries.</summary>
    public void GuestSays(uint bufferBytes, uint forwardedBytes)
    {
        _guestBuffer = bufferBytes;
        _guestForwarded = forwardedBytes;
    }

    /// <summary>Bytes went to the guest.</summary>
    public void Sent(int bytes) => _sent = unchecked(_sent + (uint)bytes);

    /// <summary>Bytes came from the guest. False: more than it was granted, a breach of the protocol.</summary>
    public bool TryReceive(uint bytes)
    {
        uint held = unchecked(_received - _forwarded);
        if (bytes > BufferBytes - held)
        {
            return false;
        }

        _received = unchecked(_received + bytes);
        return true;
    }

    /// <summary>Bytes from the guest went to the host, or were thrown away because it reads no more.</summary>
    public void Forwarded(int bytes) => _forwarded = unchecked(_forwarded + (uint)bytes);

    /// <summary>The number for a packet's <c>fwd_cnt</c>, which tells the guest.</summary>
    public uint Tell() => _told = _forwarded;
}
