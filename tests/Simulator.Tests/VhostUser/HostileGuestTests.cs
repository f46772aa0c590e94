using System.Net.Sockets;
using Init.Simulator.VhostUser;
using Init.Simulator.VhostUser.Packets;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>
/// A guest that writes nonsense. A broken ring costs it the device until it starts the device anew, and its connections; the back end
/// serves on.
/// </summary>
public sealed class HostileGuestTests : IDisposable
{
    private const uint GuestPort = 5000;

    private readonly Rig _rig = new();

    private Guest Guest => _rig.Guest;

    private VsockStatistics Statistics => _rig.Backend.Statistics;

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(129)]
    [InlineData(1000)]
    [InlineData(65535)]
    public void An_index_that_jumps_breaks_the_ring(int jump) =>
        AssertBreaks(() => Guest.Tx.AvailableIndex = unchecked((ushort)(Guest.Tx.AvailableIndex + jump)));

    [Theory]
    [InlineData(128)]
    [InlineData(65535)]
    public void A_head_outside_of_the_table_breaks_the_ring(ushort head) => AssertBreaks(() => Guest.Tx.Offer(head));

    [Fact]
    public void A_chain_that_leads_outside_of_the_table_breaks_the_ring() => AssertBreaks(() => Offer(GuestQueue.Next, next: 128));

    [Fact]
    public void A_loop_of_descriptors_breaks_the_ring() => AssertBreaks(() => Offer(GuestQueue.Next, next: 0));

    [Fact]
    public void A_loop_of_two_descriptors_breaks_the_ring() => AssertBreaks(() =>
    {
        Guest.Tx.WriteDescriptor(1, Guest.Address(Guest.Scratch), 1, GuestQueue.Next, 0);
        Offer(GuestQueue.Next, next: 1);
    });

    [Theory]
    [InlineData(0UL, 44U)]
    [InlineData(Guest.GuestBase - 1, 44U)]
    [InlineData(Guest.GuestBase + Guest.MemoryBytes - 43, 44U)]
    [InlineData(Guest.GuestBase, Guest.MemoryBytes + 1U)]
    [InlineData(Guest.GuestBase, uint.MaxValue)]
    [InlineData(ulong.MaxValue, 44U)]
    [InlineData(ulong.MaxValue - 20, 44U)]
    [InlineData(Guest.UserBase, 44U)]
    public void A_buffer_that_is_not_wholly_in_memory_breaks_the_ring(ulong address, uint length) => AssertBreaks(() =>
    {
        Guest.Tx.WriteDescriptor(0, address, length, 0, 0);
        Guest.Tx.Offer(0);
    });

    [Fact]
    public void A_buffer_to_be_written_in_the_ring_that_is_read_breaks_it() => AssertBreaks(() => Offer(GuestQueue.Write));

    [Fact]
    public void A_buffer_to_be_read_in_the_ring_that_is_written_breaks_it() => AssertBreaks(() =>
    {
        for (ushort i = 0; i < GuestQueue.Size; i++)
        {
            Guest.Rx.WriteDescriptor(i, Guest.Address(Guest.Scratch), 4096, 0, 0);
        }

        Guest.Send(PacketOperation.Request, 1, 1);
    });

    [Fact]
    public void A_receive_buffer_without_room_for_a_byte_breaks_the_ring() => AssertBreaks(() =>
    {
        for (ushort i = 0; i < GuestQueue.Size; i++)
        {
            Guest.Rx.WriteDescriptor(i, Guest.Address(Guest.Scratch), PacketHeader.Bytes, GuestQueue.Write, 0);
        }

        Guest.Send(PacketOperation.Request, 1, 1);
    });

    [Theory]
    [InlineData(0U)]
    [InlineData(15U)]
    [InlineData(17U)]
    [InlineData(uint.MaxValue - 15)]
    public void An_indirect_table_of_a_length_that_cannot_be_breaks_the_ring(uint length) => AssertBreaks(() =>
    {
        Guest.Tx.WriteDescriptor(0, Guest.Address(Guest.Scratch), length, GuestQueue.Indirect, 0);
        Guest.Tx.Offer(0);
    });

    [Fact]
    public void An_indirect_table_in_an_indirect_table_breaks_the_ring() => AssertBreaks(() =>
        OfferIndirect(Guest.Address(Guest.Scratch), 16, GuestQueue.Indirect, 0));

    [Fact]
    public void An_indirect_table_with_a_successor_breaks_the_ring() => AssertBreaks(() =>
    {
        Guest.Tx.WriteDescriptor(0, Guest.Address(Guest.Scratch), 16, GuestQueue.Indirect | GuestQueue.Next, 1);
        Guest.Tx.Offer(0);
    });

    [Fact]
    public void A_loop_in_an_indirect_table_breaks_the_ring() => AssertBreaks(() =>
        OfferIndirect(Guest.Address(Guest.Scratch), 1, GuestQueue.Next, 0));

    [Fact]
    public void An_indirect_table_that_is_sound_is_followed()
    {
        long packet = Guest.Scratch + 4096;
        Guest.Header(PacketOperation.Request, GuestPort, 7777).Write(Guest.Memory.Span(packet, PacketHeader.Bytes));
        OfferIndirect(Guest.Address(packet), PacketHeader.Bytes, 0, 0);
        Guest.KickTx();
        Assert.Equal(7777U, Guest.Receive(PacketOperation.Reset).SourcePort);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(43)]
    public void A_packet_shorter_than_a_header_is_dropped(int bytes)
    {
        Guest.Tx.WriteDescriptor(0, Guest.Address(Guest.Scratch), (uint)bytes, 0, 0);
        Guest.Tx.Offer(0);
        Guest.KickTx();
        AwaitRefusal();
    }

    [Fact]
    public void A_packet_from_another_guest_is_dropped()
    {
        Guest.Send(Guest.Header(PacketOperation.Request, GuestPort, 1) with { SourceCid = 17 });
        AwaitRefusal();
        Guest.ReceiveNothing();
    }

    [Fact]
    public void A_packet_for_another_machine_is_reset()
    {
        Guest.Send(Guest.Header(PacketOperation.Request, GuestPort, 1) with { DestinationCid = 99 });
        Assert.Equal(99UL, Guest.Receive(PacketOperation.Reset).SourceCid);
    }

    [Fact]
    public void Another_type_of_socket_is_reset()
    {
        Guest.Send(Guest.Header(PacketOperation.Request, GuestPort, 1) with { Type = 2 });
        Assert.Equal(2, Guest.Receive(PacketOperation.Reset).Type);
    }

    [Fact]
    public void A_reset_for_nobody_is_not_answered()
    {
        Guest.Send(PacketOperation.Reset, GuestPort, 1);
        Guest.ReceiveNothing();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(65535)]
    public void An_unknown_operation_resets_the_connection(ushort operation)
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.Send((PacketOperation)operation, GuestPort, hostPort);
        Guest.Receive(PacketOperation.Reset);
        Assert.True(Rig.IsAtEnd(host));
    }

    [Fact]
    public void A_shutdown_of_nothing_resets_the_connection()
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.Send(PacketOperation.Shutdown, GuestPort, hostPort, 0xFFFF_FFFC);
        Guest.Receive(PacketOperation.Reset);
        Assert.True(Rig.IsAtEnd(host));
    }

    [Theory]
    [InlineData(5U)]
    [InlineData(uint.MaxValue)]
    public void A_length_beyond_the_packet_resets_the_connection(uint length)
    {
        (Socket host, uint hostPort) = _rig.OpenFromHost(GuestPort);
        Guest.Send(Guest.Header(PacketOperation.Data, GuestPort, hostPort) with { Length = length }, "four"u8);
        Guest.Receive(PacketOperation.Reset);
        Assert.True(Rig.IsAtEnd(host));
    }

    [Fact]
    public void Bytes_before_the_connection_is_open_reset_it()
    {
        using Socket host = _rig.Ask("CONNECT 5000\n");
        uint hostPort = Guest.Receive(PacketOperation.Request).SourcePort;
        Guest.SendData(GuestPort, hostPort, "early"u8);
        Guest.Receive(PacketOperation.Reset);
    }

    [Fact]
    public void A_flood_for_nobody_that_is_not_read_is_forgotten_and_the_device_works_on()
    {
        // Every buffer of the guest is full after 128 answers, and a thousand more are kept.
        for (uint i = 0; i < 3000; i++)
        {
            Guest.Send(PacketOperation.CreditRequest, i, i);
        }

        while (Guest.TryReceive(TimeSpan.FromMilliseconds(200)) is not null)
        {
        }

        _rig.OpenFromHost(GuestPort).Host.Dispose();
    }

    [Fact]
    public void Random_rings_never_reach_outside_of_memory()
    {
        Random random = new(4);
        for (int round = 0; round < 200; round++)
        {
            FillWithNonsense(random);
            Guest.Tx.AvailableIndex += (ushort)random.Next(1, GuestQueue.Size);
            Guest.KickTx();
            Guest.Restart();
        }

        _rig.OpenFromHost(GuestPort).Host.Dispose();
    }

    private void FillWithNonsense(Random random)
    {
        for (int i = 0; i < GuestQueue.Size; i++)
        {
            ulong address = random.Next(4) == 0 ? (ulong)random.NextInt64() : Guest.GuestBase + (ulong)random.Next(Guest.MemoryBytes + 4096);
            uint length = random.Next(4) == 0 ? (uint)random.NextInt64() : (uint)random.Next(8192);
            Guest.Tx.WriteDescriptor(i, address, length, (ushort)random.Next(8), (ushort)random.Next(GuestQueue.Size + 8));
        }

        random.NextBytes(Guest.Memory.Span(Guest.Tx.Available + 4, 2 * GuestQueue.Size));
        for (int i = 0; i < GuestQueue.Size; i++)
        {
            Guest.Memory.Span(Guest.Tx.Available + 5 + (2 * i), 1)[0] = (byte)(random.Next(8) == 0 ? 1 : 0);
        }
    }

    private void Offer(ushort flags, ushort next = 0)
    {
        Guest.Tx.WriteDescriptor(0, Guest.Address(Guest.Scratch), 44, flags, next);
        Guest.Tx.Offer(0);
    }

    private void OfferIndirect(ulong address, uint length, ushort flags, ushort next)
    {
        GuestQueue table = new(Guest.Memory, Guest.Scratch);
        table.WriteDescriptor(0, address, length, flags, next);
        Guest.Tx.WriteDescriptor(0, Guest.Address(Guest.Scratch), 16, GuestQueue.Indirect, 0);
        Guest.Tx.Offer(0);
    }

    private void AwaitRefusal() => Assert.True(SpinWait.SpinUntil(() => Statistics.RefusedPackets == 1, TimeSpan.FromSeconds(10)));

    /// <summary>Breaks the device with a connection open: it ends, others are refused, and after a restart all is well.</summary>
    private void AssertBreaks(Action breakRing)
    {
        using Socket host = _rig.OpenFromHost(GuestPort).Host;
        Guest.Restart();
        Assert.True(Rig.IsAtEnd(host));
        Socket second = _rig.OpenFromHost(GuestPort).Host;
        breakRing();
        Guest.KickTx();
        Assert.True(Rig.IsAtEnd(second));
        Assert.Equal(1, Statistics.BrokenRings);
        Assert.ThrowsAny<Exception>(() => Assert.False(Rig.IsAtEnd(_rig.Ask("CONNECT 5000\n"))));
        Guest.Restart();
        _rig.OpenFromHost(GuestPort).Host.Dispose();
    }
}
