using Init.Testing.Campaign;

namespace Init.Wire.Tests;

/// <summary>Rules of messages that the CDDL test does not reach, and what the decoders promise beside it.</summary>
public sealed class MessageRuleTests
{
    [Fact]
    public void Byte_strings_are_slices_of_the_message()
    {
        byte[] message = RequestCodec.Encode(new EchoRequest(new byte[] { 1, 2, 3 }));
        EchoRequest echo = Assert.IsType<EchoRequest>(RequestCodec.Decode(message));
        message[^1] = 99;
        Assert.Equal(new byte[] { 1, 2, 99 }, echo.Data.ToArray());
    }

    [Fact]
    public void A_large_witness_is_not_copied()
    {
        byte[] message = RequestCodec.Encode(new ProveRequest
        {
            Circuit = new CircuitSource.StoredCircuit(new byte[32]),
            Witness = new byte[16 << 20],
            Settings = new ProveSettings(),
        });
        RequestCodec.Decode(message);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RequestCodec.Decode(message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024);
    }

    [Fact]
    public void A_message_over_the_limit_is_refused()
    {
        byte[] message = new byte[WireLimits.MaxMessageBytes + 1];
        Refused.As(WireError.TooLarge, () => RequestCodec.Decode(message));
        Refused.As(WireError.TooLarge, () => ReplyCodec.Decode(message));
        Refused.As(WireError.TooLarge, () => ReplyCodec.DecodeError(message));
        Refused.As(WireError.TooLarge, () => ReplyCodec.DecodeProgress(message));
    }

    [FailureMode(32, "Attestation fields over their limits")]
    [Fact]
    public void What_is_over_a_limit_is_answered_as_too_large_and_all_else_as_malformed()
    {
        byte[] nonce = RequestCodec.Encode(new AttestRequest(new byte[WireLimits.MaxNonceBytes + 1], default));
        Assert.Equal(ErrorCode.TooLarge, Refused.As(WireError.TooLarge, () => RequestCodec.Decode(nonce)).Code);
        byte[] userData = RequestCodec.Encode(new AttestRequest(default, new byte[WireLimits.MaxUserDataBytes + 1]));
        Assert.Equal(ErrorCode.TooLarge, Refused.As(WireError.TooLarge, () => RequestCodec.Decode(userData)).Code);
        byte[] deadline = RequestCodec.Encode(new HealthRequest { DeadlineMs = WireLimits.MaxDeadlineMs + 1 });
        Assert.Equal(ErrorCode.TooLarge, Refused.As(WireError.TooLarge, () => RequestCodec.Decode(deadline)).Code);
        Assert.Equal(ErrorCode.Malformed, new WireException(WireError.Checksum, "").Code);
        Assert.Equal(ErrorCode.Malformed, new WireException(WireError.Malformed, "").Code);
    }

    [Theory]
    [InlineData("83 03 00 a1 03 00", "behind the ones that may be left out")]
    [InlineData("83 03 00 a2 00 00 01 41 00", "before all others")]
    [InlineData("83 08 00 a2 01 05 02 00", "behind the last one")]
    [InlineData("83 02 00 a1 01 00", "where there is none")]
    public void An_unknown_field_is_refused_and_named_as_one(string message, string where)
    {
        Assert.NotEmpty(where);
        WireException refusal = Refused.As(WireError.Malformed, () => RequestCodec.Decode(Convert.FromHexString(message.Replace(" ", ""))));
        Assert.Contains("unknown field", refusal.Message);
    }

    [Fact]
    public void A_list_or_a_table_of_health_has_as_many_entries_as_the_limit_and_no_more()
    {
        HealthReply health = Assert.IsType<HealthReply>(new Sample(1).Reply(Operation.Health));
        HealthReply Stages(int count) => health with
        {
            Stages = [.. Enumerable.Repeat(new StageHealth { Name = "", DurationMs = 0, Outcome = StageOutcome.Done }, count)],
        };
        HealthReply Evicted(int count) => health with
        {
            Connections = health.Connections with { Evicted = [.. Enumerable.Range(0, count).Select(i => new NamedCount($"{i}", 1))] },
        };
        foreach (Func<int, HealthReply> with in new[] { Stages, Evicted })
        {
            ReplyCodec.Decode(ReplyCodec.Encode(with(WireLimits.MaxHealthEntries)));
            Refused.As(WireError.TooLarge, () => ReplyCodec.Decode(ReplyCodec.Encode(with(WireLimits.MaxHealthEntries + 1))));
        }
    }

    [Fact]
    public void A_hello_whose_versions_are_swapped_or_0_is_refused()
    {
        Refused.As(WireError.Malformed, () => RequestCodec.Decode(RequestCodec.Encode(new HelloRequest(2, 1))));
        Refused.As(WireError.Malformed, () => RequestCodec.Decode(RequestCodec.Encode(new HelloRequest(0, 1))));
    }

    [Fact]
    public void A_cancel_of_id_0_is_refused() =>
        Refused.As(WireError.Malformed, () => RequestCodec.Decode(RequestCodec.Encode(new CancelRequest(0))));

    [Theory]
    [InlineData(1u, 1u, 1u)]
    [InlineData(1u, 7u, 1u)]
    [InlineData(2u, 7u, null)]
    public void The_newest_version_that_both_speak_is_chosen(uint min, uint max, uint? chosen) =>
        Assert.Equal(chosen, ProtocolVersion.Choose(new HelloRequest(min, max)));

    [Fact]
    public void A_table_s_names_are_written_in_the_order_of_their_encodings()
    {
        HealthReply health = Assert.IsType<HealthReply>(new Sample(1).Reply(Operation.Health));
        NamedCount[] counts = [new("bb", 1), new("é", 2), new("a", 3), new("", 4), new("b", 5), new("\ud83d\ude00", 6), new("\uffee", 7)];
        health = health with { Connections = health.Connections with { Evicted = counts } };
        HealthReply read = Assert.IsType<HealthReply>(ReplyCodec.Decode(ReplyCodec.Encode(health)));
        Assert.Equal(["", "a", "b", "bb", "é", "\uffee", "\ud83d\ude00"], read.Connections.Evicted.Select(count => count.Name));
    }

    [Theory]
    [InlineData(256, 256)]
    [InlineData(257, 256)]
    public void An_error_s_message_is_cut_to_the_limit(int characters, int left) =>
        Assert.Equal(new string('x', left), ErrorReply.Of(ErrorCode.Internal, new string('x', characters)).Message);

    [Fact]
    public void An_error_s_message_is_cut_between_characters_and_is_always_text()
    {
        Assert.Equal(new string('€', 85), ErrorReply.Of(ErrorCode.Internal, new string('€', 100)).Message);
        ErrorReply error = ErrorReply.Of(ErrorCode.Internal, "a lone \ud800 surrogate");
        Assert.Equal("a lone \ufffd surrogate", ReplyCodec.DecodeError(ReplyCodec.Encode(error)).Message);
    }
}
