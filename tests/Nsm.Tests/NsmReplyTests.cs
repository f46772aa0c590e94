using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Nsm.Tests;

public sealed class NsmReplyTests
{
    private static readonly byte[] Pcr = [.. Enumerable.Range(0, NsmLimits.PcrBytes).Select(i => (byte)i)];

    [Fact]
    public void A_description_is_read_whatever_the_order_of_its_fields()
    {
        NsmDescription description = NsmReplies.DescribeNsm(Description(fields => fields.Reverse()));
        Assert.Equal(new Version(1, 2, 3), description.Version);
        Assert.Equal("i-1234-enc5678", description.ModuleId);
        Assert.Equal(32, description.MaxPcrs);
        Assert.Equal([0, 1, 31], description.LockedPcrs);
    }

    [Fact]
    public void A_description_with_a_field_missing_is_refused()
    {
        for (int missing = 0; missing < 7; missing++)
        {
            Refuses(NsmReplies.DescribeNsm, Description(fields => fields.RemoveAt(missing)));
        }
    }

    [Fact]
    public void A_description_with_a_field_unknown_twice_or_of_another_type_is_refused()
    {
        Refuses(NsmReplies.DescribeNsm, Description(fields => fields.Add(("surprise", Number(1)))));
        Refuses(NsmReplies.DescribeNsm, Description(fields => fields.Add(fields[0])));
        for (int field = 0; field < 7; field++)
        {
            Refuses(NsmReplies.DescribeNsm, Description(fields => fields[field] = (fields[field].Key, Null)));
        }
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("sha384")]
    [InlineData("")]
    public void A_description_with_another_digest_is_refused(string digest) =>
        Refuses(NsmReplies.DescribeNsm, Description(fields => fields[6] = ("digest", Text(digest))));

    [Theory]
    [InlineData(new ulong[] { 32 })]
    [InlineData(new ulong[] { 3, 3 })]
    [InlineData(new ulong[] { 65536 })]
    [InlineData(new ulong[] { ulong.MaxValue })]
    public void Locked_PCRs_exist_and_are_named_once(ulong[] locked) =>
        Refuses(NsmReplies.DescribeNsm, Description(fields => fields[5] = ("locked_pcrs", Numbers(locked))));

    [Fact]
    public void Locked_PCRs_are_32_at_most() =>
        Refuses(NsmReplies.DescribeNsm, Description(fields =>
        {
            fields[4] = ("max_pcrs", Number(64));
            fields[5] = ("locked_pcrs", Numbers([.. Enumerable.Range(0, 33).Select(i => (ulong)i)]));
        }));

    [Fact]
    public void A_version_beyond_16_bits_is_refused() =>
        Refuses(NsmReplies.DescribeNsm, Description(fields => fields[0] = ("version_major", Number(65536))));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_PCR_is_its_lock_and_its_value(bool isLocked)
    {
        NsmPcr pcr = NsmReplies.DescribePcr(Body("DescribePCR", ("data", Bytes(Pcr)), ("lock", Boolean(isLocked))));
        Assert.Equal(isLocked, pcr.IsLocked);
        Assert.Equal(Pcr, pcr.Value.ToArray());
    }

    [Fact]
    public void A_PCR_with_a_field_missing_or_unknown_is_refused()
    {
        Refuses(NsmReplies.DescribePcr, Body("DescribePCR", ("data", Bytes(Pcr))));
        Refuses(NsmReplies.DescribePcr, Body("DescribePCR", ("lock", Boolean(true))));
        Refuses(NsmReplies.DescribePcr, Body("DescribePCR", ("lock", Boolean(true)), ("data", Bytes(Pcr)), ("more", Null)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(47)]
    [InlineData(49)]
    [InlineData(64)]
    public void A_PCR_of_another_length_is_refused(int lengthBytes)
    {
        Refuses(NsmReplies.DescribePcr, Body("DescribePCR", ("lock", Boolean(true)), ("data", Bytes(new byte[lengthBytes]))));
        Refuses(NsmReplies.ExtendPcr, Body("ExtendPCR", ("data", Bytes(new byte[lengthBytes]))));
    }

    [Fact]
    public void An_extended_PCR_is_its_new_value() =>
        Assert.Equal(Pcr, NsmReplies.ExtendPcr(Body("ExtendPCR", ("data", Bytes(Pcr)))).ToArray());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    public void Random_bytes_are_as_many_as_come(int lengthBytes) =>
        Assert.Equal(lengthBytes, NsmReplies.GetRandom(Replies.Random(new byte[lengthBytes])).Length);

    [Fact]
    public void More_random_bytes_than_the_module_gives_are_refused() => Refuses(NsmReplies.GetRandom, Replies.Random(new byte[257]));

    [Fact]
    public void A_document_is_not_empty()
    {
        Assert.Equal([1], NsmReplies.Attestation(Replies.Bytes("Attestation", "document", [1])).ToArray());
        Refuses(NsmReplies.Attestation, Replies.Bytes("Attestation", "document", []));
    }

    [Fact]
    public void A_body_of_one_field_has_that_field_alone()
    {
        Refuses(NsmReplies.GetRandom, Body("GetRandom"));
        Refuses(NsmReplies.GetRandom, Body("GetRandom", ("document", Bytes([1]))));
        Refuses(NsmReplies.GetRandom, Body("GetRandom", ("random", Bytes([1])), ("more", Null)));
        Refuses(NsmReplies.GetRandom, Body("GetRandom", ("random", Text("text"))));
    }

    [Fact]
    public void Locking_is_answered_by_its_bare_name()
    {
        Assert.False(NsmReplies.LockPcr(Replies.Text("LockPCR")));
        Assert.False(NsmReplies.LockPcrs(Replies.Text("LockPCRs")));
        Refuses(NsmReplies.LockPcr, Replies.Text("LockPCRs"));
        Refuses(NsmReplies.LockPcrs, Replies.Text("LockPCR"));
        Refuses(NsmReplies.LockPcr, Body("LockPCR"));
        Refuses(NsmReplies.GetRandom, Replies.Text("GetRandom"));
    }

    [Fact]
    public void The_reply_of_another_command_is_refused()
    {
        Refuses(NsmReplies.ExtendPcr, Body("DescribePCR", ("data", Bytes(Pcr))));
        Refuses(NsmReplies.GetRandom, Replies.Bytes("Attestation", "random", [1]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a0")]
    [InlineData("80")]
    [InlineData("f6")]
    [InlineData("00")]
    [InlineData("40")]
    [InlineData("a10000")]
    public void What_is_no_reply_at_all_is_refused(string hex) => Refuses(NsmReplies.GetRandom, Convert.FromHexString(hex));

    [Fact]
    public void A_byte_behind_the_reply_is_refused()
    {
        Refuses(NsmReplies.LockPcr, [.. Replies.LockPcr, 0]);
        Refuses(NsmReplies.GetRandom, [.. Replies.Random(1), 0]);
    }

    [Fact]
    public void A_second_entry_is_refused()
    {
        byte[] reply = Replies.Random(1);
        reply[0] = 0xa2;
        Refuses(NsmReplies.GetRandom, [.. reply, .. Replies.Text("more"), 0xf6]);
    }

    [FailureMode(34, "A reply near 12 KiB")]
    [Fact]
    public void A_reply_that_lacks_its_end_is_refused()
    {
        byte[] reply = Description(_ => { });
        for (int length = 0; length < reply.Length; length++)
        {
            Refuses(NsmReplies.DescribeNsm, reply[..length]);
        }
    }

    [Theory]
    [InlineData("InvalidArgument", NsmError.InvalidArgument)]
    [InlineData("InvalidIndex", NsmError.InvalidIndex)]
    [InlineData("InvalidResponse", NsmError.InvalidResponse)]
    [InlineData("ReadOnlyIndex", NsmError.ReadOnlyIndex)]
    [InlineData("InvalidOperation", NsmError.InvalidOperation)]
    [InlineData("BufferTooSmall", NsmError.BufferTooSmall)]
    [InlineData("InputTooLarge", NsmError.InputTooLarge)]
    [InlineData("InternalError", NsmError.InternalError)]
    [InlineData("SomethingNew", NsmError.UnknownError)]
    public void An_error_is_typed_by_its_name(string name, NsmError error)
    {
        NsmException failure = Assert.Throws<NsmException>(() => NsmReplies.LockPcr(Replies.Error(name)));
        Assert.Equal(error, failure.Error);
        Assert.Equal($"LockPcr: the module answers {name}", failure.Message);
    }

    [Fact]
    public void The_name_of_an_error_is_not_printed_when_it_is_not_a_name()
    {
        NsmException failure = Assert.Throws<NsmException>(() => NsmReplies.LockPcr(Replies.Error("\u001b[2J")));
        Assert.Equal(NsmError.UnknownError, failure.Error);
        Assert.Equal("LockPcr: the module answers an unprintable error", failure.Message);
    }

    [Fact]
    public void An_error_that_is_no_text_or_too_long_a_text_is_malformed()
    {
        Refuses(NsmReplies.LockPcr, Replies.Map("Error", Number(1)));
        Refuses(NsmReplies.LockPcr, Replies.Error(new string('E', 65)));
    }

    [Fact]
    public void Lengths_may_be_indefinite() =>
        Assert.Equal([7], NsmReplies.GetRandom([0xbf, .. Replies.Text("GetRandom"), 0xbf, .. Replies.Text("random"), 0x41, 7, 0xff, 0xff]).ToArray());

    private static readonly CborEncoding Null = (ref CborWriter writer) => writer.WriteNull();

    private static CborEncoding Number(ulong value) => (ref CborWriter writer) => writer.WriteUInt64(value);

    private static CborEncoding Boolean(bool value) => (ref CborWriter writer) => writer.WriteBoolean(value);

    private static CborEncoding Text(string value) => (ref CborWriter writer) => writer.WriteText(value);

    private static CborEncoding Bytes(byte[] value) => (ref CborWriter writer) => writer.WriteByteString(value);

    private static CborEncoding Numbers(ulong[] values) => (ref CborWriter writer) =>
    {
        writer.WriteArrayHeader(values.Length);
        foreach (ulong value in values)
        {
            writer.WriteUInt64(value);
        }
    };

    private static byte[] Description(Action<List<(string Key, CborEncoding Value)>> change)
    {
        List<(string Key, CborEncoding Value)> fields =
        [
            ("version_major", Number(1)),
            ("version_minor", Number(2)),
            ("version_patch", Number(3)),
            ("module_id", Text("i-1234-enc5678")),
            ("max_pcrs", Number(32)),
            ("locked_pcrs", Numbers([0, 1, 31])),
            ("digest", Text("SHA384")),
        ];
        change(fields);
        return Body("DescribeNSM", [.. fields]);
    }

    private static byte[] Body(string command, params (string Key, CborEncoding Value)[] fields) =>
        Replies.Map(command, (ref CborWriter writer) =>
        {
            writer.WriteMapHeader(fields.Length);
            foreach ((string key, CborEncoding value) in fields)
            {
                writer.WriteText(key);
                value(ref writer);
            }
        });

    private static void Refuses<T>(ReplyReader<T> read, byte[] reply) =>
        Assert.Equal(NsmError.MalformedReply, Assert.Throws<NsmException>(() => _ = read(reply)).Error);
}
