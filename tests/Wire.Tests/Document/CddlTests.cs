using System.Numerics;

namespace Init.Wire.Tests;

/// <summary>The decoders accept what the specification's CDDL accepts, and nothing else.</summary>
public sealed class CddlTests
{
    private const int Samples = 1_000;

    private static readonly Dictionary<string, Action<byte[]>> Decoders = new()
    {
        ["request"] = message => RequestCodec.Decode(message),
        ["reply"] = message => ReplyCodec.Decode(message),
        ["error"] = message => ReplyCodec.DecodeError(message),
        ["progress"] = message => ReplyCodec.DecodeProgress(message),
        ["sealed-progress"] = message => ReplyCodec.DecodeSealedProgress(message),
        ["statement"] = message => EnclaveStatement.Decode(message),
    };

    [Fact]
    public void Every_message_is_one_of_the_CDDL() => Assert.All(Enumerable.Range(0, Samples), seed =>
    {
        foreach ((string rule, byte[] message) in Messages(seed))
        {
            Assert.True(Specification.Cddl.Accepts(rule, message), $"{rule} {Convert.ToHexStringLower(message)}");
        }
    });

    [Fact]
    public void A_decoder_accepts_a_changed_message_exactly_if_the_CDDL_does()
    {
        int accepted = 0;
        int refused = 0;
        for (int seed = 0; seed < Samples; seed++)
        {
            Random random = new(seed);
            foreach ((string rule, byte[] message) in Messages(seed))
            {
                byte[] changed = Change(CborNode.Read(message), random).Encode();
                bool allowed = Specification.Cddl.Accepts(rule, changed) && !IsHelloWithVersionsSwapped(changed);
                Assert.True(allowed == Decodes(rule, changed), $"{rule} {Convert.ToHexStringLower(changed)}: CDDL {allowed}");
                _ = allowed ? accepted++ : refused++;
            }
        }

        Assert.True(accepted > Samples / 10 && refused > Samples / 10, $"{accepted} accepted, {refused} refused");
    }

    [Fact]
    public void A_frame_is_one_of_the_CDDL()
    {
        byte[] frame = FrameBytes.Of(7, FrameKind.Reply, more: true, [1, 2]);
        Assert.True(Specification.Cddl.Accepts("frame", frame[WireLimits.FrameHeaderBytes..]));
        Assert.False(Specification.Cddl.Accepts("frame", [0x84, 7, 4, 0xf5, 0x41, 0]));
    }

    private static IEnumerable<(string Rule, byte[] Message)> Messages(int seed)
    {
        Sample sample = new(seed);
        yield return ("request", RequestCodec.Encode(sample.Request()));
        yield return ("reply", ReplyCodec.Encode(sample.Reply()));
        yield return ("error", ReplyCodec.Encode(sample.Error()));
        yield return ("progress", ReplyCodec.Encode(sample.Progress()));
        yield return ("sealed-progress", ReplyCodec.Encode(sample.SealedProgress()));
        yield return ("statement", sample.Statement().Encode());
    }

    // The one rule that the CDDL has in words.
    private static bool IsHelloWithVersionsSwapped(byte[] message) =>
        CborNode.Read(message) is CborNode.Array { Items: [CborNode.Number { Value.IsOne: true }, _, CborNode.Map { Pairs: [(_, CborNode.Number min), (_, CborNode.Number max)] }] }
        && min.Value > max.Value;

    private static bool Decodes(string rule, byte[] message)
    {
        try
        {
            Decoders[rule](message);
            return true;
        }
        catch (WireException)
        {
            return false;
        }
    }

    private static CborNode Change(CborNode message, Random random)
    {
        (CborNode node, Func<CborNode, CborNode> replace) = message.Places().ElementAt(random.Next(message.Places().Count()));
        return replace(random.Next(4) == 0 ? Other(random) : Neighbour(node, random));
    }

    private static CborNode Neighbour(CborNode node, Random random) => node switch
    {
        CborNode.Number => new CborNode.Number(Edge(random)),
        CborNode.Bytes => new CborNode.Bytes(new byte[random.Next(9) switch { 0 => 0, 1 => 16, 2 => 17, 3 => 32, 4 => 48, 5 => 256, 6 => 257, 7 => 512, _ => 513 }]),
        CborNode.Text => new CborNode.Text(new string('x', random.Next(6) switch { 0 => 0, 1 => 48, 2 => 49, 3 => 128, 4 => 129, _ => 257 })),
        CborNode.Boolean boolean => new CborNode.Boolean(!boolean.Value),
        CborNode.Array array => random.Next(2) == 0
            ? new CborNode.Array([.. array.Items, Other(random)])
            : new CborNode.Array([.. array.Items.SkipLast(1)]),
        CborNode.Map map => random.Next(2) == 0
            ? new CborNode.Map([.. map.Pairs, (new CborNode.Number(random.Next(1, 21)), Other(random))])
            : new CborNode.Map([.. map.Pairs.Where((_, i) => i != random.Next(Math.Max(1, map.Pairs.Count)))]),
        _ => Other(random),
    };

    private static CborNode Other(Random random) => random.Next(7) switch
    {
        0 => new CborNode.Number(Edge(random)),
        1 => new CborNode.Bytes(new byte[random.Next(40)]),
        2 => new CborNode.Text("x"),
        3 => new CborNode.Boolean(true),
        4 => new CborNode.Null(),
        5 => new CborNode.Array([]),
        _ => new CborNode.Map([]),
    };

    private static BigInteger Edge(Random random)
    {
        BigInteger[] edges =
        [
            long.MinValue, -1, 0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 15, 16, 60_000, 60_001, 3_600_000, 3_600_001,
            uint.MaxValue, uint.MaxValue + 1L, long.MaxValue, ulong.MaxValue,
        ];
        return edges[random.Next(edges.Length)];
    }
}
