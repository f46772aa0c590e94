using System.Buffers.Binary;
using System.Text;

namespace Init.Wire.Tests;

/// <summary>Documents from a seed: well-formed ones, and what mutation makes of them.</summary>
internal static class RandomCbor
{
    /// <summary>A document, deterministic or using every freedom that CBOR gives.</summary>
    public static byte[] Document(Random random, bool isDeterministic)
    {
        List<byte> output = [];
        Item(output, random, depth: 0, isDeterministic);
        return [.. output];
    }

    /// <summary>Some bytes changed, inserted, removed, repeated or put in from lengths' edges.</summary>
    public static byte[] Mutate(byte[] document, Random random)
    {
        List<byte> bytes = [.. document];
        for (int left = random.Next(1, 4); left > 0; left--)
        {
            int at = random.Next(bytes.Count + 1);
            int room = bytes.Count - at;
            switch (random.Next(6))
            {
                case 0 when room > 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when room > 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 3 when room > 0:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(room, 8) + 1));
                    break;
                case 4 when room > 0:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(1, Math.Min(room, 16) + 1)));
                    break;
                default:
                    bytes.InsertRange(at, Head(random.Next(8), Edge(random), width: random.Next(4) == 0 ? random.Next(4) : -1));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Item(List<byte> output, Random random, int depth, bool isDeterministic)
    {
        int major = random.Next(depth < 5 ? 8 : 4);
        bool isIndefinite = !isDeterministic && random.Next(4) == 0;
        int width = isDeterministic || random.Next(4) > 0 ? -1 : random.Next(4);
        switch (major)
        {
            case 0 or 1:
                output.AddRange(Head(major, Edge(random), width));
                break;
            case 2 or 3 when isIndefinite:
                output.Add((byte)((major << 5) | 31));
                for (int chunks = random.Next(3); chunks > 0; chunks--)
                {
                    String(output, random, major, width);
                }

                output.Add(0xff);
                break;
            case 2 or 3:
                String(output, random, major, width);
                break;
            case 4 or 5:
                Container(output, random, depth, isDeterministic, major, isIndefinite, width);
                break;
            case 6 when !isDeterministic:
                output.AddRange(Head(6, Edge(random), width));
                Item(output, random, depth + 1, isDeterministic);
                break;
            default:
                output.AddRange(Simple(random, isDeterministic));
                break;
        }
    }

    private static void Container(
        List<byte> output, Random random, int depth, bool isDeterministic, int major, bool isIndefinite, int width)
    {
        SortedDictionary<string, byte[]> items = new(StringComparer.Ordinal);
        for (int left = random.Next(random.Next(8) == 0 ? 40 : 5); left > 0; left--)
        {
            List<byte> key = [];
            List<byte> value = [];
            if (random.Next(2) == 0)
            {
                key.AddRange(Head(random.Next(2), Edge(random), width: -1));
            }
            else
            {
                String(key, random, random.Next(2, 4), width: -1);
            }

            Item(value, random, depth + 1, isDeterministic);
            items[Convert.ToHexString([.. key])] = [.. value];
        }

        output.AddRange(isIndefinite ? [(byte)((major << 5) | 31)] : Head(major, (ulong)items.Count, width));
        IEnumerable<KeyValuePair<string, byte[]>> order = isDeterministic ? items : items.OrderBy(_ => random.Next());
        foreach ((string key, byte[] value) in order)
        {
            output.AddRange(major == 5 ? Convert.FromHexString(key) : []);
            output.AddRange(value);
        }

        output.AddRange(isIndefinite ? [0xff] : []);
    }

    private static void String(List<byte> output, Random random, int major, int width)
    {
        byte[] content = new byte[random.Next(random.Next(8) == 0 ? 300 : 8)];
        random.NextBytes(content);
        if (major == 3)
        {
            content = Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(content));
        }

        output.AddRange(Head(major, (ulong)content.Length, width));
        output.AddRange(content);
    }

    private static byte[] Simple(Random random, bool isDeterministic) => random.Next(5) switch
    {
        0 => [0xf4],
        1 => [0xf5],
        2 => [0xf6],
        3 => random.Next(2) == 0 ? [(byte)(0xe0 + random.Next(20))] : [0xf8, (byte)random.Next(32, 256)],
        _ when isDeterministic => [0xf7],
        _ => Float(random),
    };

    private static byte[] Float(Random random)
    {
        byte[] bytes = new byte[random.Next(3) switch { 0 => 3, 1 => 5, _ => 9 }];
        random.NextBytes(bytes);
        bytes[0] = (byte)(bytes.Length switch { 3 => 0xf9, 5 => 0xfa, _ => 0xfb });
        return bytes;
    }

    // Width -1 is the shortest; 0 to 3 are arguments of 1, 2, 4 and 8 bytes if the value fits.
    private static byte[] Head(int major, ulong argument, int width)
    {
        int shortest = argument switch { < 24 => -1, <= byte.MaxValue => 0, <= ushort.MaxValue => 1, <= uint.MaxValue => 2, _ => 3 };
        width = Math.Max(width, shortest);
        if (width < 0)
        {
            return [(byte)((major << 5) | (int)argument)];
        }

        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(wide, argument);
        return [(byte)((major << 5) | (24 + width)), .. wide[^(1 << width)..]];
    }

    private static ulong Edge(Random random) => unchecked((1UL << random.Next(random.Next(2) == 0 ? 6 : 64)) + (ulong)random.Next(3) - 1);
}
