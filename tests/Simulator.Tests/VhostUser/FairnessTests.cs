using System.Net.Sockets;
using Init.Simulator.VhostUser.Packets;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>Connections that have more for the guest than it takes share its buffers.</summary>
public sealed class FairnessTests : IDisposable
{
    private const uint GuestPort = 5000;
    private const int Contested = 64;
    private const int Turn = 16;

    private readonly Rig _rig = new();

    private Guest Guest => _rig.Guest;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_connection_that_never_runs_dry_leaves_others_their_turns()
    {
        (Socket greedy, uint greedyPort) = _rig.OpenFromHost(GuestPort);
        (Socket other, uint otherPort) = _rig.OpenFromHost(GuestPort);
        List<uint> heads = LetTakeAllBuffers(greedy);
        Fill(greedy);
        Fill(other);

        // Whoever answers the second question has looked at all sockets after the first.
        Guest.FrontEnd.Ask(1);
        Guest.FrontEnd.Ask(1);
        foreach (uint head in heads.Take(Contested))
        {
            Guest.Rx.Offer((ushort)head);
        }

        Guest.KickRx();
        List<uint> ports = [.. Enumerable.Range(0, Contested).Select(_ => TakeBuffer().Port)];
        Assert.Equal(Contested / 2, ports.Count(port => port == greedyPort));
        Assert.Equal(Contested / 2, ports.Count(port => port == otherPort));
        Assert.All(ports.Chunk(Turn), turn => Assert.Single(turn.Distinct()));
        greedy.Dispose();
        other.Dispose();
    }

    /// <summary>One connection's bytes go into every buffer that the guest has given.</summary>
    private List<uint> LetTakeAllBuffers(Socket host)
    {
        List<uint> heads = [];
        while (heads.Count < GuestQueue.Size)
        {
            Fill(host);
            heads.Add(TakeBuffer().Head);
        }

        return heads;
    }

    /// <summary>The next buffer that comes back; it is not given again.</summary>
    private (uint Head, uint Port) TakeBuffer()
    {
        uint head = 0;
        Assert.True(SpinWait.SpinUntil(() => Guest.Rx.TryTakeUsed(out head, out _), TimeSpan.FromSeconds(10)));
        return (head, PacketHeader.Read(Guest.ReceiveBuffer(head)).SourcePort);
    }

    /// <summary>Writes until the socket takes no more.</summary>
    private static void Fill(Socket host)
    {
        host.Blocking = false;
        byte[] bytes = new byte[64 * 1024];
        SocketError error;
        do
        {
            host.Send(bytes, 0, bytes.Length, SocketFlags.None, out error);
        }
        while (error == SocketError.Success);

        Assert.Equal(SocketError.WouldBlock, error);
    }
}
