using System.Net.Sockets;
using Init.Simulator.VhostUser.Packets;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>Many connections, what they leave behind, and limits. Alone in the process: it counts descriptors.</summary>
[Collection(nameof(CrowdTests))]
[CollectionDefinition(nameof(CrowdTests), DisableParallelization = true)]
public sealed class CrowdTests : IDisposable
{
    private const uint GuestPort = 5000;
    private const int Crowd = 1000;

    private readonly Rig _rig = new();

    private Guest Guest => _rig.Guest;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_thousand_connections_carry_bytes_at_once_and_leave_no_descriptor()
    {
        int before = Descriptors();
        List<(Socket Host, uint HostPort)> connections = [.. Enumerable.Range(0, Crowd).Select(_ => _rig.OpenFromHost(GuestPort))];
        Assert.True(Descriptors() >= before + (2 * Crowd));
        foreach ((Socket host, uint hostPort) in connections)
        {
            host.Send(BitConverter.GetBytes(hostPort));
        }

        for (int i = 0; i < Crowd; i++)
        {
            (PacketHeader header, byte[] payload) = Guest.Receive();
            Assert.Equal(header.SourcePort, BitConverter.ToUInt32(payload));
            Guest.SendData(GuestPort, header.SourcePort, payload);
        }

        foreach ((Socket host, uint hostPort) in connections)
        {
            Assert.Equal(hostPort, BitConverter.ToUInt32(Rig.ReadExactly(host, 4)));
            host.Dispose();
        }

        AnswerShutdowns();
        Assert.Equal(before, Descriptors());
    }

    [Fact]
    public void A_thousand_refused_connections_leave_no_descriptor()
    {
        int before = Descriptors();
        for (uint i = 0; i < Crowd; i++)
        {
            Guest.Send(PacketOperation.Request, i, 7777);
            Assert.Equal(i, Guest.Receive(PacketOperation.Reset).DestinationPort);
        }

        Assert.Equal(before, Descriptors());
    }

    [Fact]
    public void A_guest_that_goes_away_takes_its_connections_with_it_and_the_next_one_is_served()
    {
        int before = Descriptors();
        for (int round = 0; round < 3; round++)
        {
            using Socket host = _rig.OpenFromHost(GuestPort).Host;
            _rig.ReplaceGuest();
            Assert.True(Rig.IsAtEnd(host));
        }

        Assert.Equal(before, Descriptors());

        // Counted just after the front end has its answer.
        Assert.True(SpinWait.SpinUntil(() => _rig.Backend.Statistics.DeviceStarts == 4, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_driver_that_starts_again_finds_no_old_connection()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.Restart();
        Assert.True(Rig.IsAtEnd(host));
        Guest.SendData(GuestPort, hostPort, "old"u8);
        Guest.Receive(PacketOperation.Reset);
        _rig.OpenFromHost(GuestPort).Host.Dispose();
    }

    [Fact]
    public void Beyond_the_limit_the_guest_is_reset_and_the_host_waits()
    {
        using Rig rig = new(maxConnections: 2);
        using Socket listener = rig.Listen(9000);
        using Socket first = rig.OpenFromGuest(listener, 1, 9000);
        using Socket second = rig.OpenFromGuest(listener, 2, 9000);
        rig.Guest.Send(PacketOperation.Request, 3, 9000);
        rig.Guest.Receive(PacketOperation.Reset);

        using Socket waiting = rig.Ask("CONNECT 5000\n");
        rig.Guest.ReceiveNothing();
        rig.Guest.Send(PacketOperation.Reset, 1, 9000);
        rig.Guest.Receive(PacketOperation.Request);
    }

    [Fact]
    public void A_silent_back_end_does_not_spin()
    {
        using Socket host = _rig.OpenFromHost(GuestPort).Host;
        Guest.AnnouncedBytes = 0;
        Guest.Send(PacketOperation.CreditUpdate, GuestPort, 1 << 30);
        host.Send(new byte[1000]);
        Guest.Receive(PacketOperation.CreditRequest);
        long before = _rig.Backend.Statistics.Turns;
        Assert.Null(Guest.TryReceive(TimeSpan.FromMilliseconds(500)));
        Assert.InRange(_rig.Backend.Statistics.Turns, before, before + 10);
    }

    /// <summary>
    /// Open descriptors, once what other tests left to the finalizer is gone. Not the assemblies that the runtime opens when something of
    /// theirs is first called.
    /// </summary>
    private static int Descriptors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Directory.GetFiles("/proc/self/fd").Count(link => Path.GetExtension(new FileInfo(link).LinkTarget) != ".dll");
    }

    /// <summary>As Linux does when its program has read to the end: RST for a connection that was shut down both ways.</summary>
    private void AnswerShutdowns()
    {
        for (int left = Crowd; left > 0;)
        {
            PacketHeader header = Guest.Receive(PacketOperation.Shutdown);
            if (header.Flags == (uint)ShutdownFlags.Both)
            {
                Guest.Send(PacketOperation.Reset, GuestPort, header.SourcePort);
                left--;
            }
        }

        Assert.True(SpinWait.SpinUntil(() => _rig.Backend.Statistics.Connections == 0, TimeSpan.FromSeconds(10)));
    }
}
