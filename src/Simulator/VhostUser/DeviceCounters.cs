namespace Init.Simulator.VhostUser;

/// <summary>Written by the back end's thread alone; a reader on another thread sees each a little late, never torn.</summary>
internal sealed class DeviceCounters
{
    public long Turns;
    public long DeviceStarts;
    public long PacketsFromGuest;
    public long PacketsToGuest;
    public long BytesFromGuest;
    public long BytesToGuest;
    public long RefusedPackets;
    public long BrokenRings;
    public long RefusedMessages;

    /// <summary>All of them now.</summary>
    public VsockStatistics Read(int connections) => new()
    {
        Connections = connections,
        Turns = Volatile.Read(ref Turns),
        DeviceStarts = Volatile.Read(ref DeviceStarts),
        PacketsFromGuest = Volatile.Read(ref PacketsFromGuest),
        PacketsToGuest = Volatile.Read(ref PacketsToGuest),
        BytesFromGuest = Volatile.Read(ref BytesFromGuest),
        BytesToGuest = Volatile.Read(ref BytesToGuest),
        RefusedPackets = Volatile.Read(ref RefusedPackets),
        BrokenRings = Volatile.Read(ref BrokenRings),
        RefusedMessages = Volatile.Read(ref RefusedMessages),
    };
}
