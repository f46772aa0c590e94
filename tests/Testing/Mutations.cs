namespace Init.Testing;

/// <summary>Small changes of a byte string: flips, overwrites, cuts, insertions, repeats, and well-known bad integers.</summary>
public static class Mutations
{
    private static readonly byte[][] Interesting =
        [[0xff, 0xff, 0xff, 0xff], [0x7f, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [0, 0, 0, 0], [0xc6, 0xff, 0xff, 0xff, 0xff], [0xdd, 0xff, 0xff, 0xff, 0xff]];

    /// <summary>Returns a changed copy.</summary>
    public static byte[] Apply(Random random, ReadOnlySpan<byte> original)
    {
        List<byte> bytes = [.. original];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            ApplyOnce(random, bytes);
        }

        return [.. bytes];
    }

    private static void ApplyOnce(Random random, List<byte> bytes)
    {
        int at = random.Next(bytes.Count + 1);
        int length = Math.Min(random.Next(1, 33), bytes.Count - at);
        switch (random.Next(6))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                byte[] value = Interesting[random.Next(Interesting.Length)];
                for (int i = 0; i < value.Length && at + i < bytes.Count; i++)
                {
                    bytes[at + i] = value[i];
                }

                break;
            default:
                bytes.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)));
                break;
        }
    }
}
