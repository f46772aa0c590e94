using Init.Simulator.VhostUser.Packets;

namespace Init.Simulator.Tests.VhostUser;

public sealed class PacketHeaderTests
{
    [Fact]
    public void Every_field_lies_where_linux_virtio_vsock_h_has_it()
    {
        byte[] bytes = [.. Enumerable.Range(1, PacketHeader.Bytes).Select(i => (byte)i)];
        PacketHeader header = PacketHeader.Read(bytes);
        Assert.Equal(0x0807060504030201UL, header.SourceCid);
        Assert.Equal(0x100F0E0D0C0B0A09UL, header.DestinationCid);
        Assert.Equal(0x14131211U, header.SourcePort);
        Assert.Equal(0x18171615U, header.DestinationPort);
        Assert.Equal(0x1C1B1A19U, header.Length);
        Assert.Equal(0x1E1D, header.Type);
        Assert.Equal(0x201F, (ushort)header.Operation);
        Assert.Equal(0x24232221U, header.Flags);
        Assert.Equal(0x28272625U, header.BufferBytes);
        Assert.Equal(0x2C2B2A29U, header.ForwardedBytes);
        byte[] written = new byte[PacketHeader.Bytes];
        header.Write(written);
        Assert.Equal(bytes, written);
    }
}
