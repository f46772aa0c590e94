using Init.Wire;

namespace Init.Nsm.Tests;

/// <summary>Replies as modules send them, and as they should not.</summary>
internal static class Replies
{
    public static readonly byte[] LockPcr = Text("LockPCR");

    public static byte[] Text(string name) => CborWriter.ToArray((ref CborWriter writer) => writer.WriteText(name));

    public static byte[] Error(string name) => Map("Error", (ref CborWriter writer) => writer.WriteText(name));

    /// <summary>One entry whose value the caller writes.</summary>
    public static byte[] Map(string key, CborEncoding value) => CborWriter.ToArray((ref CborWriter writer) =>
    {
        writer.WriteMapHeader(1);
        writer.WriteText(key);
        value(ref writer);
    });

    /// <summary>A command's body of one byte string.</summary>
    public static byte[] Bytes(string command, string field, byte[] value) => Map(command, (ref CborWriter writer) =>
    {
        writer.WriteMapHeader(1);
        writer.WriteText(field);
        writer.WriteByteString(value);
    });

    public static byte[] Random(params byte[] random) => Bytes("GetRandom", "random", random);
}
