using System.Buffers;
using System.Buffers.Binary;
using Init.Testing.Campaign;

namespace Init.Wire.Tests;

public sealed class FrameReaderTests
{
    private static readonly byte[] Three =
    [
        .. FrameBytes.Of(1, FrameKind.Request, more: true, [1, 2, 3]),
        .. FrameBytes.Of(ulong.MaxValue, FrameKind.Reply, more: false, new byte[300]),
        .. FrameBytes.Of(0, FrameKind.Error, more: false, [0x83]),
    ];

    [FailureMode(30, "A frame split at every byte")]
    [Fact]
    public void Several_frames_in_one_read_come_out_in_order()
    {
        List<(ulong Id, FrameKind Kind, bool More, string Payload)> frames = FrameBytes.ReadAll(new ReadOnlySequence<byte>(Three));
        Assert.Equal(
            [
                (1UL, FrameKind.Request, true, "010203"),
                (ulong.MaxValue, FrameKind.Reply, false, new string('0', 600)),
                (0UL, FrameKind.Error, false, "83"),
            ],
            frames);
    }

    [FailureMode(30, "A frame split at every byte")]
    [Fact]
    public void A_buffer_split_at_any_two_bytes_reads_the_same()
    {
        List<(ulong, FrameKind, bool, string)> whole = FrameBytes.ReadAll(new ReadOnlySequence<byte>(Three));
        for (int first = 0; first <= Three.Length; first++)
        {
            for (int second = first; second <= Math.Min(Three.Length, first + 20); second++)
            {
                Assert.Equal(whole, FrameBytes.ReadAll(Segments.Of(Three, first, second)));
            }
        }
    }

    [Fact]
    public void A_segment_for_every_byte_reads_the_same() => Assert.Equal(
        FrameBytes.ReadAll(new ReadOnlySequence<byte>(Three)),
        FrameBytes.ReadAll(Segments.Of(Three, Enumerable.Range(1, Three.Length - 1))));

    [FailureMode(30, "A frame split at every byte")]
    [Fact]
    public void Bytes_that_come_one_at_a_time_give_each_frame_with_its_last_byte()
    {
        List<int> ends = [];
        int start = 0;
        for (int end = 0; end <= Three.Length; end++)
        {
            ReadOnlySequence<byte> buffer = new(Three, start, end - start);
            SequencePosition before = buffer.Start;
            if (FrameReader.TryRead(ref buffer, out _))
            {
                ends.Add(end);
                start = end;
            }
            else
            {
                Assert.Equal(before, buffer.Start);
            }
        }

        Assert.Equal([16, 16 + 323, Three.Length], ends);
    }

    [Fact]
    public void A_frame_s_length_is_said_once_it_is_there()
    {
        byte[] frame = FrameBytes.Of(1, FrameKind.Request, more: false, new byte[300]);
        for (int have = 0; have <= frame.Length; have++)
        {
            Assert.Equal(have < sizeof(uint) ? 0 : frame.Length, FrameReader.LengthOf(frame.AsSpan(0, have)));
        }
    }

    [Fact]
    public void A_frame_in_one_piece_is_found_where_it_lies_whatever_follows_and_not_before_it_is_whole()
    {
        byte[] payload = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        byte[] frame = FrameBytes.Of(7, FrameKind.Request, more: true, payload);
        byte[] followed = [.. frame, 1, 2, 3];
        for (int have = 0; have < frame.Length; have++)
        {
            Assert.False(FrameReader.TryRead(frame.AsSpan(0, have), out _));
        }

        Assert.True(FrameReader.TryRead(followed, out FramePlace place));
        Assert.Equal((7ul, FrameKind.Request, true, frame.Length), (place.Id, place.Kind, place.More, place.End));
        Assert.Equal(payload, followed[place.PayloadStart..place.End]);
        Assert.Equal(place, FrameReader.Read(frame, frame.Length, Crc32C.Compute(frame.AsSpan(WireLimits.FrameHeaderBytes))));
        Refused.As(WireError.Checksum, () => FrameReader.Read(frame, frame.Length, 0));
    }

    [Fact]
    public void Whatever_bit_of_a_frame_is_flipped_both_ways_of_reading_refuse_it_for_the_same_reason()
    {
        byte[] frame = FrameBytes.Of(7, FrameKind.Request, more: true, [1, 2, 3]);
        for (int bit = WireLimits.FrameHeaderBytes * 8; bit < frame.Length * 8; bit++)
        {
            byte[] changed = [.. frame];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(sizeof(uint)), Crc32C.Compute(changed.AsSpan(WireLimits.FrameHeaderBytes)));
            WireException? bySequence = Record.Exception(() => Read(new ReadOnlySequence<byte>(changed))) as WireException;
            WireException? inPlace = Record.Exception(() => FrameReader.TryRead(changed, out _)) as WireException;
            Assert.Equal((bySequence?.Error, bySequence?.Message), (inPlace?.Error, inPlace?.Message));
        }
    }

    [FailureMode(22, "Lengths at their extremes")]
    [Theory]
    [InlineData(0u, WireError.Malformed)]
    [InlineData(WireLimits.MaxFrameBodyBytes + 1u, WireError.TooLarge)]
    [InlineData(1u << 31, WireError.TooLarge)]
    [InlineData(uint.MaxValue, WireError.TooLarge)]
    public void A_length_that_cannot_be_is_refused_as_soon_as_it_is_there(uint length, WireError error)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        ReadOnlySequence<byte> three = new(bytes, 0, 3);
        Assert.False(FrameReader.TryRead(ref three, out _));
        Refused.As(error, () => Read(new ReadOnlySequence<byte>(bytes)));
        Refused.As(error, () => FrameReader.LengthOf(bytes));
        Refused.As(error, () => FrameReader.TryRead(bytes, out _));
    }

    [FailureMode(22, "Lengths at their extremes")]
    [Fact]
    public void A_body_of_the_largest_length_is_read_and_one_byte_more_cannot_be_written()
    {
        const ulong SmallId = 23;
        byte[] payload = new byte[WireLimits.MaxFrameBodyBytes - 9];
        byte[] frame = FrameBytes.Of(SmallId, FrameKind.Request, more: false, payload);
        Assert.Equal(WireLimits.FrameHeaderBytes + WireLimits.MaxFrameBodyBytes, frame.Length);
        Assert.Equal(2 * payload.Length, Assert.Single(FrameBytes.ReadAll(new ReadOnlySequence<byte>(frame))).Payload.Length);
        Refused.As(WireError.InvalidValue, () => FrameBytes.Of(SmallId, FrameKind.Request, more: false, new byte[payload.Length + 1]));
    }

    [Fact]
    public void A_payload_of_the_limit_fits_behind_every_id() => Assert.Equal(
        WireLimits.FrameHeaderBytes + WireLimits.MaxFrameBodyBytes,
        FrameBytes.Of(ulong.MaxValue, FrameKind.Request, more: false, new byte[WireLimits.MaxFramePayloadBytes]).Length);

    [FailureMode(26, "Large writes")]
    [Fact]
    public void A_change_of_any_byte_behind_the_length_is_found()
    {
        byte[] frame = FrameBytes.Of(300, FrameKind.Request, more: false, new byte[40]);
        for (int i = sizeof(uint); i < frame.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. frame];
                changed[i] ^= (byte)(1 << bit);
                Refused.As(WireError.Checksum, () => Read(new ReadOnlySequence<byte>(changed)));
            }
        }
    }

    [Fact]
    public void A_payload_is_a_slice_of_what_was_received()
    {
        byte[] bytes = FrameBytes.Of(1, FrameKind.Request, more: false, [1, 2, 3]);
        ReadOnlySequence<byte> buffer = new(bytes);
        Assert.True(FrameReader.TryRead(ref buffer, out Frame frame));
        bytes[^1] = 99;
        Assert.Equal([1, 2, 99], frame.Payload.ToArray());
    }

    [Fact]
    public void Reading_frames_allocates_nothing()
    {
        ReadOnlySequence<byte> buffer = new(Three);
        FrameReader.TryRead(ref buffer, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FrameReader.TryRead(ref buffer, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("an array of three", "83 01 00 f4")]
    [InlineData("an array of five", "85 01 00 f4 41 00 00")]
    [InlineData("an array that is not in its shortest form", "9804 01 00 f4 41 00")]
    [InlineData("an array without end", "9f 01 00 f4 41 00 ff")]
    [InlineData("a map", "a4 01 00 f4 41 00")]
    [InlineData("an id that is not in its shortest form", "84 1801 00 f4 41 00")]
    [InlineData("an id that is one byte too long before a payload that is one too short", "84 1801 00 f4 42 00")]
    [InlineData("an id below 0", "84 20 00 f4 41 00")]
    [InlineData("an id of text", "84 6161 00 f4 41 00")]
    [InlineData("id 0 with a request", "84 00 00 f4 41 00")]
    [InlineData("id 0 with a reply", "84 00 01 f4 41 00")]
    [InlineData("id 0 with progress", "84 00 02 f4 41 00")]
    [InlineData("kind 4", "84 01 04 f4 41 00")]
    [InlineData("kind 256", "84 01 190100 f4 41 00")]
    [InlineData("more is null", "84 01 00 f6 41 00")]
    [InlineData("more is a number", "84 01 00 00 41 00")]
    [InlineData("more is a simple value in two bytes", "84 01 00 f8f5 41 00")]
    [InlineData("a payload of text", "84 01 00 f4 61 61")]
    [InlineData("a payload in chunks", "84 01 00 f4 5f 41 00 ff")]
    [InlineData("a payload whose length is not in its shortest form", "84 01 00 f4 5801 00")]
    [InlineData("an empty payload", "84 01 00 f4 40")]
    [InlineData("a payload longer than the body", "84 01 00 f4 42 00")]
    [InlineData("a payload shorter than the body", "84 01 00 f4 41 00 00")]
    [InlineData("a payload of 2^32 - 1 bytes", "84 01 00 f4 5affffffff 00")]
    [InlineData("a payload of 2^64 - 1 bytes", "84 01 00 f4 5bffffffffffffffff 00")]
    [InlineData("nothing behind the kind", "84 01 00")]
    [InlineData("one byte", "84")]
    public void An_envelope_with_anything_wrong_is_refused(string what, string body)
    {
        byte[] frame = FrameBytes.Around(Convert.FromHexString(body.Replace(" ", "")));
        Assert.NotEmpty(what);
        Refused.As(WireError.Malformed, () => Read(new ReadOnlySequence<byte>(frame)));
    }

    [Fact]
    public void An_error_with_id_0_is_read() =>
        Assert.Equal(0UL, Assert.Single(FrameBytes.ReadAll(new ReadOnlySequence<byte>(FrameBytes.Around(0x84, 0, 3, 0xf4, 0x41, 0)))).Id);

    [Fact]
    public void A_refused_frame_leaves_the_buffer_alone()
    {
        byte[] frame = FrameBytes.Around(0x84);
        ReadOnlySequence<byte> buffer = new(frame);
        Refused.Always(() => FrameReader.TryRead(ref buffer, out _));
        Assert.Equal(frame.Length, buffer.Length);
    }

    private static void Read(ReadOnlySequence<byte> buffer) => FrameReader.TryRead(ref buffer, out _);
}
