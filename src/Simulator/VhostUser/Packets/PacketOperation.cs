namespace Init.Simulator.VhostUser.Packets;

/// <summary><c>enum virtio_vsock_op</c>, linux/virtio_vsock.h.</summary>
internal enum PacketOperation : ushort
{
    Request = 1,
    Response = 2,
    Reset = 3,
    Shutdown = 4,
    Data = 5,
    CreditUpdate = 6,
    CreditRequest = 7,
}
