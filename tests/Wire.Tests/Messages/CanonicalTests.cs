namespace Init.Wire.Tests;

/// <summary>A message has one encoding: whatever is accepted is encoded to the bytes it was decoded from.</summary>
public sealed class CanonicalTests
{
    private const int Samples = 100;

    private static readonly Dictionary<string, Func<ReadOnlyMemory<byte>, byte[]>> Recode = new()
    {
        ["request"] = message => RequestCodec.Encode(RequestCodec.Decode(message)),
        ["reply"] = message => ReplyCodec.Encode(ReplyCodec.Decode(message)),
        ["error"] = message => ReplyCodec.Encode(ReplyCodec.DecodeError(message)),
        ["progress"] = message => ReplyCodec.Encode(ReplyCodec.DecodeProgress(message)),
        ["sealed progress"] = message => ReplyCodec.Encode(ReplyCodec.DecodeSealedProgress(message)),
        ["statement"] = message => EnclaveStatement.Decode(message).Encode(),
    };

    [Fact]
    public void Every_truncation_is_refused() => ForEach((kind, message) =>
    {
        for (int length = 0; length < message.Length; length++)
        {
            Refused.Always(() => Recode[kind](message.AsMemory(0, length)));
        }
    });

    [Fact]
    public void A_byte_behind_the_message_is_refused() => ForEach((kind, message) =>
    {
        Refused.As(WireError.Malformed, () => Recode[kind]((byte[])[.. message, 0]));
        Refused.As(WireError.Malformed, () => Recode[kind]((byte[])[.. message, 0xff]));
    });

    [Fact]
    public void A_change_of_any_byte_is_refused_or_another_message()
    {
        int accepted = 0;
        ForEach((kind, message) =>
        {
            Random random = new(message.Length);
            for (int i = 0; i < message.Length; i++)
            {
                byte[] changed = [.. message];
                changed[i] ^= (byte)(random.Next(2) == 0 ? 1 << random.Next(8) : random.Next(1, 256));
                if (TryRecode(kind, changed) is byte[] again)
                {
                    Assert.Equal(changed, again);
                    accepted++;
                }
            }
        });
        Assert.True(accepted > Samples, $"only {accepted} changed messages were accepted");
    }

    private static void ForEach(Action<string, byte[]> test)
    {
        for (int seed = 0; seed < Samples; seed++)
        {
            Sample sample = new(seed);
            Operation operation = (Operation)((seed % (int)Operation.Sealed) + 1);
            test("request", RequestCodec.Encode(sample.Request(operation)));
            test("error", ReplyCodec.Encode(sample.Error()));
            test("progress", ReplyCodec.Encode(sample.Progress()));
            test("sealed progress", ReplyCodec.Encode(sample.SealedProgress()));
            test("statement", sample.Statement().Encode());
            if (operation != Operation.Health || seed < 10)
            {
                test("reply", ReplyCodec.Encode(sample.Reply(operation)));
            }
        }
    }

    private static byte[]? TryRecode(string kind, byte[] message)
    {
        try
        {
            return Recode[kind](message);
        }
        catch (WireException)
        {
            return null;
        }
    }
}
