namespace Init.Simulator.VhostUser.Packets;

/// <summary>The flags of a SHUTDOWN packet: what its sender does no more.</summary>
[Flags]
internal enum ShutdownFlags : uint
{
    None = 0,
    Receive = 1,
    Send = 2,
    Both = Receive | Send,
}
