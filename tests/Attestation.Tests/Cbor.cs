using Init.Wire;

namespace Init.Attestation.Tests;

/// <summary>Data items, already encoded.</summary>
internal static class Cbor
{
    public static readonly byte[] Null = [0xf6];

    public static byte[] Number(long value) => CborWriter.ToArray((ref CborWriter writer) => writer.WriteInt64(value));

    public static byte[] Text(string value) => CborWriter.ToArray((ref CborWriter writer) => writer.WriteText(value));

    public static byte[] Bytes(ReadOnlyMemory<byte> value) => CborWriter.ToArray((ref CborWriter writer) => writer.WriteByteString(value.Span));

    public static byte[] Array(params byte[][] items) =>
        [.. CborWriter.ToArray((ref CborWriter writer) => writer.WriteArrayHeader(items.Length)), .. items.SelectMany(item => item)];

    public static byte[] Map(params (byte[] Key, byte[] Value)[] pairs) =>
        [.. CborWriter.ToArray((ref CborWriter writer) => writer.WriteMapHeader(pairs.Length)), .. Flat(pairs)];

    public static byte[] IndefiniteMap(params (byte[] Key, byte[] Value)[] pairs) => [0xbf, .. Flat(pairs), 0xff];

    private static byte[] Flat((byte[] Key, byte[] Value)[] pairs) => [.. pairs.SelectMany(pair => (byte[])[.. pair.Key, .. pair.Value])];
}
