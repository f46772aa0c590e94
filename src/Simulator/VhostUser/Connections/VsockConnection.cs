using Init.Linux;
using Init.Simulator.VhostUser.Packets;

namespace Init.Simulator.VhostUser.Connections;

/// <summary>What is known about one connection. It decides nothing and does no I/O; the back end's thread owns it.</summary>
internal sealed class VsockConnection
{
    /// <summary>The CONNECT line as far as it has come.</summary>
    private readonly byte[] _line = new byte[ConnectLine.MaxBytes];

    private int _lineBytes;

    /// <summary>Credit, both ways. A field: it is changed in place.</summary>
    public CreditAccount Credit;

    /// <summary>What the host has not taken yet. A field: it is changed in place.</summary>
    public HeldBytes Held;

    /// <summary>What epoll reports it by; never used again.</summary>
    public required ulong Token { get; init; }

    /// <summary>Where it stands.</summary>
    public required ConnectionState State { get; set; }

    /// <summary>The host's socket; null before it is dialed and after it is closed.</summary>
    public IDescriptor? Host { get; set; }

    /// <summary>What the guest knows it by; all zero before that.</summary>
    public ConnectionKey Key { get; set; }

    /// <summary>Packets for the guest that wait.</summary>
    public GuestPackets Packets { get; set; }

    /// <summary>What the guest has said it does no more, over all its SHUTDOWN packets.</summary>
    public ShutdownFlags GuestShutdown { get; set; }

    /// <summary>Whether it stands in the queue of connections that have something for the guest.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether a read from the host may give something.</summary>
    public bool IsHostReadable { get; set; }

    /// <summary>
    /// Whether epoll is not asked for input: it reported some that waits for the guest's credit or room, and would do so again at once.
    /// </summary>
    public bool IsInputMuted { get; set; }

    /// <summary>Whether the guest was asked for credit since it last got bytes.</summary>
    public bool IsCreditAsked { get; set; }

    /// <summary>Whether it stands in the list of connections that got bytes from the guest in this turn.</summary>
    public bool IsToBeFlushed { get; set; }

    /// <summary>Whether the host is owed the end of the stream after what is held.</summary>
    public bool IsFinishDue { get; set; }

    /// <summary>What epoll watches the host's socket for; null when it does not watch it.</summary>
    public EpollEvents? Watched { get; set; }

    /// <summary>Whether epoll has said that the host's socket is closed both ways: all it will ever give is there.</summary>
    public bool IsHungUp { get; set; }

    /// <summary>When dialing is given up, as a timestamp of the clock.</summary>
    public long DialUntil { get; set; }

    /// <summary>When dialing is tried again.</summary>
    public long DialNext { get; set; }

    /// <summary>Adds one byte of the CONNECT line; false when the line is too long.</summary>
    public bool TryAddToLine(byte value)
    {
        if (_lineBytes == _line.Length)
        {
            return false;
        }

        _line[_lineBytes++] = value;
        return true;
    }

    /// <summary>The CONNECT line so far.</summary>
    public ReadOnlySpan<byte> Line => _line.AsSpan(0, _lineBytes);
}
