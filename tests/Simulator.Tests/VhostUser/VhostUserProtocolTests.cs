using System.Net.Sockets;
using Init.Linux;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>The handshake, and front ends that get it wrong: refused, counted, and served on.</summary>
public sealed class VhostUserProtocolTests : IDisposable
{
    private const ulong OfferedFeatures = (1UL << 28) | (1UL << 30) | (1UL << 32);
    private const ulong OfferedProtocol = (1UL << 3) | (1UL << 9);

    private readonly Rig _rig = new(start: false);
    private readonly FileDescriptor _file = MemoryFile.Create("guest", Guest.MemoryBytes);

    private FrontEnd FrontEnd => _rig.Guest.FrontEnd;

    public void Dispose()
    {
        _file.Dispose();
        _rig.Dispose();
    }

    [Fact]
    public void Features_queues_and_the_guests_CID_are_told()
    {
        Assert.Equal(OfferedFeatures, FrontEnd.Ask(1));
        Assert.Equal(OfferedProtocol, FrontEnd.Ask(15));
        Assert.Equal(3UL, FrontEnd.Ask(17));
        FrontEnd.Send(24, [.. FrontEnd.Words(0, 8, 0), .. new byte[8]]);
        Assert.Equal([.. FrontEnd.Words(0, 8, 0), .. FrontEnd.Longs(Guest.Cid)], FrontEnd.ReadReply(24));
    }

    [Theory]
    [InlineData(4U, 8U, "0000000000000000")]
    [InlineData(0U, 2U, "1000")]
    [InlineData(100U, 4U, "00000000")]
    [InlineData(uint.MaxValue, 4U, "00000000")]
    public void A_window_into_the_configuration_is_cut_out_and_filled_with_zeros(uint offset, uint size, string expected)
    {
        FrontEnd.Send(24, [.. FrontEnd.Words(offset, size, 0), .. new byte[size]]);
        Assert.Equal(expected, Convert.ToHexString(FrontEnd.ReadReply(24)[12..]));
    }

    [Theory]
    [InlineData(0U, 9U)]
    [InlineData(0U, uint.MaxValue)]
    public void A_window_of_another_size_than_the_message_is_answered_by_nothing_as_the_protocol_says(uint offset, uint size)
    {
        FrontEnd.Send(24, [.. FrontEnd.Words(offset, size, 0), .. new byte[8]]);
        Assert.Empty(FrontEnd.ReadReply(24));
    }

    [Fact]
    public void A_message_in_single_bytes_is_a_message()
    {
        foreach (byte value in FrontEnd.Words(1, 1, 0).SelectMany(w => new[] { w }))
        {
            FrontEnd.SendRaw([value]);
        }

        Assert.Equal(OfferedFeatures, BitConverter.ToUInt64(FrontEnd.ReadReply(1)));
    }

    [Fact]
    public void Nothing_is_answered_to_a_front_end_that_did_not_agree_to_replies()
    {
        FrontEnd.Send(18, FrontEnd.Words(99, 1), needsReply: true);
        Assert.Equal(OfferedFeatures, FrontEnd.Ask(1));
        Assert.True(SpinWait.SpinUntil(() => _rig.Backend.Statistics.RefusedMessages == 1, TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(8U, 99U, 128U)]
    [InlineData(8U, 0U, 0U)]
    [InlineData(8U, 0U, 65536U)]
    [InlineData(10U, 0U, 65536U)]
    [InlineData(10U, 3U, 0U)]
    [InlineData(18U, uint.MaxValue, 1U)]
    public void A_queue_or_a_value_that_cannot_be_is_refused(uint request, uint queue, uint value) =>
        Assert.False(Agreed().Try(request, FrontEnd.Words(queue, value)));

    [Theory]
    [InlineData(0U)]
    [InlineData(99U)]
    [InlineData(6U)]
    public void An_unknown_request_is_refused(uint request) => Assert.False(Agreed().Try(request, []));

    [Theory]
    [InlineData(2U)]
    [InlineData(5U)]
    [InlineData(8U)]
    [InlineData(9U)]
    [InlineData(12U)]
    public void A_payload_of_another_length_is_refused(uint request)
    {
        Assert.False(Agreed().Try(request, []));
        Assert.False(FrontEnd.Try(request, new byte[200]));
    }

    [Fact]
    public void A_table_without_its_descriptors_is_refused() => Assert.False(Agreed().Try(5, Guest.MemoryTable()));

    [Theory]
    [InlineData(Guest.GuestBase, 0UL, Guest.UserBase, 0UL)]
    [InlineData(ulong.MaxValue, 4096UL, Guest.UserBase, 0UL)]
    [InlineData(Guest.GuestBase, 4096UL, ulong.MaxValue - 4095, 0UL)]
    [InlineData(Guest.GuestBase, ulong.MaxValue, Guest.UserBase, 0UL)]
    [InlineData(Guest.GuestBase, 4096UL, Guest.UserBase, ulong.MaxValue - 4095)]
    [InlineData(Guest.GuestBase, 4096UL, Guest.UserBase + 1, 0UL)]
    [InlineData(Guest.GuestBase, 4096UL, Guest.UserBase, 1UL)]
    public void A_region_that_cannot_be_is_refused(ulong guestAddress, ulong bytes, ulong userAddress, ulong offset) =>
        Assert.False(Agreed().Try(5, [.. FrontEnd.Words(1, 0), .. FrontEnd.Longs(guestAddress, bytes, userAddress, offset)], _file));

    [Fact]
    public void A_count_of_regions_that_does_not_fit_the_message_is_refused()
    {
        byte[] table = Guest.MemoryTable();
        BitConverter.TryWriteBytes(table, 9U);
        Assert.False(Agreed().Try(5, table, _file));
    }

    [Theory]
    [InlineData(1UL, 0UL, 0UL)]
    [InlineData(0UL, 1UL, 0UL)]
    [InlineData(0UL, 0UL, 2UL)]
    [InlineData(Guest.MemoryBytes - 16UL, 0UL, 0UL)]
    [InlineData(0UL, Guest.MemoryBytes - 16UL, 0UL)]
    [InlineData(0UL, 0UL, Guest.MemoryBytes - 16UL)]
    public void Rings_outside_of_memory_or_not_aligned_are_refused(ulong descriptors, ulong available, ulong used)
    {
        FrontEnd front = Agreed();
        Assert.True(front.Try(5, Guest.MemoryTable(), _file));
        Assert.True(front.Try(8, FrontEnd.Words(0, 128)));
        Assert.True(front.Try(9, [.. FrontEnd.Words(0, 0), .. FrontEnd.Longs(Guest.UserBase + descriptors, Guest.UserBase + used, Guest.UserBase + available, 0)]));
        using EventCounter kick = new();
        using FileDescriptor borrowed = new(kick.Number);
        Assert.True(front.Try(12, FrontEnd.Longs(0), borrowed));
        borrowed.SetHandleAsInvalid();
        Assert.False(front.Try(18, FrontEnd.Words(0, 1)));
    }

    [Fact]
    public void A_kick_that_is_no_eventfd_is_refused() => Assert.False(Agreed().Try(12, FrontEnd.Longs(0), _file));

    [Fact]
    public void A_header_of_another_version_ends_the_session()
    {
        FrontEnd.SendRaw(FrontEnd.Words(1, 2, 0));
        Assert.True(FrontEnd.IsHungUp());
    }

    [Fact]
    public void A_payload_longer_than_any_message_ends_the_session()
    {
        FrontEnd.SendRaw(FrontEnd.Words(1, 1, uint.MaxValue));
        Assert.True(FrontEnd.IsHungUp());
    }

    [Fact]
    public void A_second_front_end_is_turned_away()
    {
        using FrontEnd second = new(_rig.VhostSocket);
        Assert.True(second.IsHungUp());
        Assert.Equal(OfferedFeatures, FrontEnd.Ask(1));
    }

    [Fact]
    public void A_host_that_asks_while_no_driver_runs_is_refused()
    {
        using Socket host = _rig.Ask("CONNECT 5000\n");
        Assert.ThrowsAny<Exception>(() => Assert.False(Rig.IsAtEnd(host)));
    }

    private FrontEnd Agreed()
    {
        FrontEnd.Send(16, FrontEnd.Longs(FrontEnd.ReplyAck));
        FrontEnd.Send(2, FrontEnd.Longs(FrontEnd.Version1 | FrontEnd.ProtocolFeatures));
        return FrontEnd;
    }
}
