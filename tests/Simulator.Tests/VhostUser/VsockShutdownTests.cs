using System.Net.Sockets;
using Init.Simulator.VhostUser.Packets;
using Init.Testing.Campaign;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>How connections end: one side, both sides, abruptly.</summary>
public sealed class VsockShutdownTests : IDisposable
{
    private const uint GuestPort = 5000;

    private readonly Rig _rig = new();

    private Guest Guest => _rig.Guest;

    public void Dispose() => _rig.Dispose();

    [FailureMode(27, "Half-close and reset")]
    [Fact]
    public void A_host_that_sends_no_more_can_still_read_the_answer()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        host.Send("question"u8);
        host.Shutdown(SocketShutdown.Send);
        Assert.Equal("question"u8, Guest.Receive().Payload);
        Assert.Equal((uint)ShutdownFlags.Send, Guest.Receive(PacketOperation.Shutdown).Flags);
        Guest.SendData(GuestPort, hostPort, "answer"u8);
        Assert.Equal("answer"u8, Rig.ReadExactly(host, 6));

        Guest.Send(PacketOperation.Shutdown, GuestPort, hostPort, (uint)ShutdownFlags.Both);
        Guest.Receive(PacketOperation.Reset);
        Assert.True(Rig.IsAtEnd(host));
    }

    [Fact]
    public void A_guest_that_sends_no_more_can_still_read_the_answer()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.SendData(GuestPort, hostPort, "question"u8);
        Guest.Send(PacketOperation.Shutdown, GuestPort, hostPort, (uint)ShutdownFlags.Send);
        Assert.Equal("question"u8, Rig.ReadExactly(host, 8));
        Assert.True(Rig.IsAtEnd(host));
        host.Send("answer"u8);
        Assert.Equal("answer"u8, Guest.Receive().Payload);

        host.Dispose();
        Assert.Equal((uint)ShutdownFlags.Both, LastShutdown());
        Guest.Send(PacketOperation.Reset, GuestPort, hostPort);
        AssertGone();
    }

    [Fact]
    public void A_guest_that_reads_no_more_makes_the_host_s_writes_fail()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.Send(PacketOperation.Shutdown, GuestPort, hostPort, (uint)ShutdownFlags.Receive);
        Guest.SendData(GuestPort, hostPort, "still here"u8);
        Rig.ReadExactly(host, 10);
        Assert.Throws<SocketException>(() => host.Send("too late"u8));
        host.Dispose();
    }

    [Fact]
    public void A_guest_that_closes_gets_its_reset_after_the_host_has_everything()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.SendData(GuestPort, hostPort, "last words"u8);
        Guest.Send(PacketOperation.Shutdown, GuestPort, hostPort, (uint)ShutdownFlags.Both);
        Assert.Equal(hostPort, Guest.Receive(PacketOperation.Reset).SourcePort);
        Assert.Equal("last words"u8, Rig.ReadExactly(host, 10));
        Assert.True(Rig.IsAtEnd(host));
        AssertGone();
    }

    [Fact]
    public void A_shutdown_in_two_halves_is_a_close()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.Send(PacketOperation.Shutdown, GuestPort, hostPort, (uint)ShutdownFlags.Receive);
        Guest.Send(PacketOperation.Shutdown, GuestPort, hostPort, (uint)ShutdownFlags.Send);
        Guest.Receive(PacketOperation.Reset);
        Assert.True(Rig.IsAtEnd(host));
    }

    [Fact]
    public void What_the_guest_sent_before_it_forgot_the_connection_still_reaches_a_slow_host()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        byte[] sent = new byte[256 * 1024];
        new Random(3).NextBytes(sent);
        for (int i = 0; i < sent.Length; i += 64 * 1024)
        {
            Guest.SendData(GuestPort, hostPort, sent.AsSpan(i, 64 * 1024));
        }

        // Linux gives up waiting for RST after eight seconds and sends one itself.
        Guest.Send(PacketOperation.Shutdown, GuestPort, hostPort, (uint)ShutdownFlags.Both);
        Guest.Send(PacketOperation.Reset, GuestPort, hostPort);
        Assert.Equal(sent, Rig.ReadExactly(host, sent.Length));
        Assert.True(Rig.IsAtEnd(host));
        AssertGone();
    }

    [Fact]
    public void A_host_that_closes_makes_the_guest_close_after_the_last_byte()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        host.Send("last words"u8);
        host.Dispose();
        Assert.Equal("last words"u8, Guest.ReceiveData(10));
        Assert.Equal((uint)ShutdownFlags.Both, LastShutdown());
        Guest.Send(PacketOperation.Reset, GuestPort, hostPort);
        AssertGone();
    }

    [FailureMode(27, "Half-close and reset")]
    [Fact]
    public void A_host_that_closes_with_bytes_unread_resets_the_guest()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.SendData(GuestPort, hostPort, "unread"u8);
        Assert.True(host.Poll(10_000_000, SelectMode.SelectRead));
        host.Dispose();
        PacketHeader header;
        do
        {
            header = Guest.Receive().Header;
        }
        while (header.Operation == PacketOperation.Shutdown);

        Assert.Equal((PacketOperation.Reset, hostPort), (header.Operation, header.SourcePort));
        AssertGone();
    }

    [Fact]
    public void A_reset_of_the_guest_closes_the_host()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.Send(PacketOperation.Reset, GuestPort, hostPort);
        Assert.True(Rig.IsAtEnd(host));
        AssertGone();
    }

    [Fact]
    public void A_port_that_the_guest_uses_again_ends_the_old_connection()
    {
        using Socket listener = _rig.Listen(9000);
        using Socket old = _rig.OpenFromGuest(listener, GuestPort, 9000);
        using Socket fresh = _rig.OpenFromGuest(listener, GuestPort, 9000);
        Assert.True(Rig.IsAtEnd(old));
        Guest.SendData(GuestPort, 9000, "x"u8);
        Rig.ReadExactly(fresh, 1);
    }

    private uint LastShutdown()
    {
        uint flags = Guest.Receive(PacketOperation.Shutdown).Flags;
        return flags == (uint)ShutdownFlags.Both ? flags : Guest.Receive(PacketOperation.Shutdown).Flags;
    }

    /// <summary>The connection counter is written at the end of each turn, after the packets of the turn.</summary>
    private void AssertGone() => Assert.True(SpinWait.SpinUntil(() => _rig.Backend.Statistics.Connections == 0, TimeSpan.FromSeconds(10)));
}
