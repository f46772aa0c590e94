namespace Init.Simulator.VhostUser.Connections;

/// <summary>Packets without payload that wait for room in the guest's ring, in the order in which they go.</summary>
[Flags]
internal enum GuestPackets : byte
{
    None = 0,
    Reset = 1,
    Request = 2,
    Response = 4,
    CreditUpdate = 8,
    CreditRequest = 16,
    Shutdown = 32,
}
