using System.Net.Sockets;
using Init.Simulator.VhostUser.Connections;
using Init.Simulator.VhostUser.Packets;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>Connections both ways through the whole back end.</summary>
public sealed class VsockConnectionTests : IDisposable
{
    private const uint GuestPort = 5000;
    private const uint HostPort = 9000;

    private readonly Rig _rig = new();

    private Guest Guest => _rig.Guest;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_host_program_reaches_a_port_of_the_guest_and_bytes_flow_both_ways()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        host.Send("ping"u8);
        Assert.Equal("ping"u8, Guest.Receive().Payload);
        Guest.SendData(GuestPort, hostPort, "pong"u8);
        Assert.Equal("pong"u8, Rig.ReadExactly(host, 4));
        host.Dispose();
    }

    [Fact]
    public void What_a_program_writes_behind_the_line_is_not_lost()
    {
        using Socket host = _rig.Ask("CONNECT 5000\nearly");
        PacketHeader request = Guest.Receive(PacketOperation.Request);
        Guest.Send(PacketOperation.Response, GuestPort, request.SourcePort);
        Assert.Equal("early"u8, Guest.Receive().Payload);
        Assert.StartsWith("OK ", Rig.ReadLine(host));
    }

    [Theory]
    [InlineData("HELLO\n")]
    [InlineData("CONNECT 99999999999999999999")]
    public void A_line_that_is_no_CONNECT_ends_the_connection(string line)
    {
        using Socket host = _rig.Ask(line);
        Assert.ThrowsAny<Exception>(() => Assert.False(Rig.IsAtEnd(host)));
        Guest.ReceiveNothing();
    }

    [Fact]
    public void A_guest_that_refuses_closes_the_host()
    {
        using Socket host = _rig.Ask("CONNECT 5000\n");
        PacketHeader request = Guest.Receive(PacketOperation.Request);
        Guest.Send(PacketOperation.Reset, GuestPort, request.SourcePort);
        Assert.True(Rig.IsAtEnd(host));
    }

    [Fact]
    public void A_host_that_gives_up_before_the_answer_resets_the_guest()
    {
        Socket host = _rig.Ask("CONNECT 5000\n");
        PacketHeader request = Guest.Receive(PacketOperation.Request);
        host.Dispose();
        Assert.Equal(request.SourcePort, Guest.Receive(PacketOperation.Reset).SourcePort);
    }

    [Fact]
    public void The_guest_reaches_a_listener_of_the_host_and_bytes_flow_both_ways()
    {
        using Socket listener = _rig.Listen(HostPort);
        using Socket host = _rig.OpenFromGuest(listener, GuestPort, HostPort);
        Guest.SendData(GuestPort, HostPort, [0xB7]);
        Assert.Equal([0xB7], Rig.ReadExactly(host, 1));
        host.Send([0xB7]);
        Assert.Equal([0xB7], Guest.Receive().Payload);
    }

    [Theory]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Both_the_hypervisor_and_the_parent_stand_for_the_host(ulong cid)
    {
        using Socket listener = _rig.Listen(HostPort);
        Guest.Send(Guest.Header(PacketOperation.Request, GuestPort, HostPort) with { DestinationCid = cid });
        Assert.Equal(cid, Guest.Receive(PacketOperation.Response).SourceCid);
    }

    [Fact]
    public void A_port_without_a_listener_is_reset()
    {
        Guest.Send(PacketOperation.Request, GuestPort, 7777);
        PacketHeader reset = Guest.Receive(PacketOperation.Reset);
        Assert.Equal((7777U, GuestPort), (reset.SourcePort, reset.DestinationPort));
    }

    [Fact]
    public void A_listener_whose_backlog_is_full_is_tried_again()
    {
        using Socket listener = _rig.Listen(HostPort, backlog: 0);
        for (uint i = 0; i < 4; i++)
        {
            Guest.Send(PacketOperation.Request, GuestPort + i, HostPort);
        }

        for (uint i = 0; i < 4; i++)
        {
            listener.Accept().Dispose();
        }

        Assert.Equal(4, Enumerable.Range(0, 8).Select(_ => Guest.TryReceive(TimeSpan.FromSeconds(1))?.Header.Operation)
            .Count(operation => operation == PacketOperation.Response));
    }

    [Fact]
    public async Task A_megabyte_each_way_arrives_as_it_was_sent()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        byte[] sent = new byte[1 << 20];
        new Random(2).NextBytes(sent);
        Guest.AnnouncedBytes = 4 << 20;
        Task writer = Task.Run(() => host.Send(sent));
        Guest.Send(PacketOperation.CreditUpdate, GuestPort, hostPort);
        Assert.Equal(sent, Guest.ReceiveData(sent.Length));
        await writer.WaitAsync(TimeSpan.FromSeconds(10));

        Task<byte[]> reader = Task.Run(() => Rig.ReadExactly(host, sent.Length));
        SendWithinCredit(hostPort, sent);
        Assert.Equal(sent, await reader.WaitAsync(TimeSpan.FromSeconds(10)));
        host.Dispose();
    }

    [Fact]
    public void Without_credit_nothing_is_sent_until_the_guest_gives_some()
    {
        Guest.AnnouncedBytes = 100;
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        host.Send(new byte[250]);
        Assert.Equal(100, Guest.Receive().Payload.Length);
        Guest.Receive(PacketOperation.CreditRequest);
        Guest.ReceiveNothing();

        Guest.TakenBytes = 60;
        Guest.Send(PacketOperation.CreditUpdate, GuestPort, hostPort);
        Assert.Equal(60, Guest.Receive().Payload.Length);
        Guest.Receive(PacketOperation.CreditRequest);

        Guest.TakenBytes = 160;
        Guest.Send(PacketOperation.CreditUpdate, GuestPort, hostPort);
        Assert.Equal(90, Guest.Receive().Payload.Length);
        host.Dispose();
    }

    [Fact]
    public void The_guest_hears_of_room_when_the_host_has_read()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.SendData(GuestPort, hostPort, new byte[64 * 1024]);
        Rig.ReadExactly(host, 64 * 1024);
        PacketHeader update = Guest.Receive(PacketOperation.CreditUpdate);
        Assert.Equal(CreditAccount.BufferBytes, update.BufferBytes);
        Assert.Equal(64U * 1024, update.ForwardedBytes);
        host.Dispose();
    }

    [Fact]
    public void A_credit_request_is_answered()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.Send(PacketOperation.CreditRequest, GuestPort, hostPort);
        Assert.Equal(CreditAccount.BufferBytes, Guest.Receive(PacketOperation.CreditUpdate).BufferBytes);
        host.Dispose();
    }

    [Fact]
    public void More_than_was_granted_resets_the_connection()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);

        // The host reads nothing: its socket and then the back end fill up.
        PacketHeader? reset = null;
        for (int i = 0; i < 32 && reset is null; i++)
        {
            Guest.SendData(GuestPort, hostPort, new byte[64 * 1024]);
            while (Guest.TryReceive(TimeSpan.FromMilliseconds(50)) is { } packet)
            {
                reset = packet.Header.Operation == PacketOperation.Reset ? packet.Header : reset;
            }
        }

        Assert.Equal(hostPort, reset?.SourcePort);
        Assert.Equal(1, _rig.Backend.Statistics.RefusedPackets);
        host.Dispose();
    }

    private void SendWithinCredit(uint hostPort, byte[] data)
    {
        uint forwarded = 0;
        for (int sent = 0; sent < data.Length;)
        {
            int room = (int)(CreditAccount.BufferBytes - ((uint)sent - forwarded));
            int count = Math.Min(Math.Min(room, 64 * 1024), data.Length - sent);
            if (count > 0)
            {
                Guest.SendData(GuestPort, hostPort, data.AsSpan(sent, count));
                sent += count;
            }
            else
            {
                forwarded = Guest.Receive(PacketOperation.CreditUpdate).ForwardedBytes;
            }
        }
    }
}
