using System.Numerics;
using System.Text;

namespace Init.Wire.Tests;

/// <summary>A data item with everything in it, as the protocol uses them: no tags, no floating-point numbers, no chunks.</summary>
internal abstract record CborNode
{
    public sealed record Number(BigInteger Value) : CborNode;

    public sealed record Bytes(byte[] Value) : CborNode;

    public sealed record Text(string Value) : CborNode;

    public sealed record Boolean(bool Value) : CborNode;

    public sealed record Null : CborNode;

    public sealed record Array(List<CborNode> Items) : CborNode;

    public sealed record Map(List<(CborNode Key, CborNode Value)> Pairs) : CborNode;

    public static CborNode Read(byte[] document)
    {
        CborReader reader = new(document, CborRules.Deterministic);
        CborNode node = Read(ref reader);
        reader.ReadEnd();
        return node;
    }

    /// <summary>The deterministic encoding; of keys that stand twice only one is left.</summary>
    public byte[] Encode() => this switch
    {
        Number number => CborWriter.ToArray((ref CborWriter writer) => WriteNumber(ref writer, number.Value)),
        Bytes bytes => CborWriter.ToArray((ref CborWriter writer) => writer.WriteByteString(bytes.Value)),
        Text text => CborWriter.ToArray((ref CborWriter writer) => writer.WriteText(text.Value)),
        Boolean boolean => [boolean.Value ? (byte)0xf5 : (byte)0xf4],
        Array array => [.. Head(0x80, array.Items.Count), .. array.Items.SelectMany(item => item.Encode())],
        Map map => Encode(map),
        _ => [0xf6],
    };

    /// <summary>The node itself and all inside it, each with what puts another in its place.</summary>
    public IEnumerable<(CborNode Node, Func<CborNode, CborNode> Replace)> Places()
    {
        yield return (this, other => other);
        IEnumerable<(CborNode, Func<CborNode, CborNode>)> inner = this switch
        {
            Array array => array.Items.SelectMany((item, i) => item.Places().Select(place => (
                place.Node, (Func<CborNode, CborNode>)(other => new Array([.. array.Items[..i], place.Replace(other), .. array.Items[(i + 1)..]]))))),
            Map map => map.Pairs.SelectMany((pair, i) => pair.Value.Places().Select(place => (
                place.Node,
                (Func<CborNode, CborNode>)(other => new Map([.. map.Pairs[..i], (pair.Key, place.Replace(other)), .. map.Pairs[(i + 1)..]]))))),
            _ => [],
        };
        foreach ((CborNode, Func<CborNode, CborNode>) place in inner)
        {
            yield return place;
        }
    }

    private static CborNode Read(ref CborReader reader)
    {
        switch (reader.PeekType())
        {
            case CborType.UnsignedInteger:
                return new Number(reader.ReadUInt64());
            case CborType.NegativeInteger:
                return new Number(BigInteger.MinusOne - reader.ReadNegativeArgument());
            case CborType.ByteString:
                return new Bytes(reader.ReadByteString().ToArray());
            case CborType.TextString:
                return new Text(Encoding.UTF8.GetString(reader.ReadTextUtf8()));
            case CborType.Boolean:
                return new Boolean(reader.ReadBoolean());
            case CborType.Array:
                List<CborNode> array = [];
                for (CborItems items = reader.ReadArray(); reader.HasNext(ref items);)
                {
                    array.Add(Read(ref reader));
                }

                return new Array(array);
            case CborType.Map:
                List<(CborNode, CborNode)> map = [];
                for (CborItems items = reader.ReadMap(); reader.HasNext(ref items);)
                {
                    map.Add((Read(ref reader), Read(ref reader)));
                }

                return new Map(map);
            default:
                Assert.True(reader.TryReadNull());
                return new Null();
        }
    }

    private static byte[] Encode(Map map)
    {
        SortedDictionary<string, byte[]> sorted = new(StringComparer.Ordinal);
        foreach ((CborNode key, CborNode value) in map.Pairs)
        {
            sorted[Convert.ToHexString(key.Encode())] = value.Encode();
        }

        return [.. Head(0xa0, sorted.Count), .. sorted.SelectMany(pair => (byte[])[.. Convert.FromHexString(pair.Key), .. pair.Value])];
    }

    private static byte[] Head(byte major, int count)
    {
        byte[] head = CborWriter.ToArray((ref CborWriter writer) => writer.WriteUInt64((ulong)count));
        head[0] |= major;
        return head;
    }

    private static void WriteNumber(ref CborWriter writer, BigInteger value)
    {
        if (value.Sign >= 0)
        {
            writer.WriteUInt64((ulong)value);
        }
        else
        {
            writer.WriteInt64((long)value);
        }
    }
}
