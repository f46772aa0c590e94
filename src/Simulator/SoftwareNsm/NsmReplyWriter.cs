using Init.Wire;

namespace Init.Simulator.SoftwareNsm;

/// <summary>Encodes replies, in the field order of aws-nitro-enclaves-nsm-api.</summary>
internal static class NsmReplyWriter
{
    public static byte[] Error(string name) => CborWriter.ToArray((ref CborWriter writer) =>
    {
        writer.WriteMapHeader(1);
        writer.WriteText("Error"u8);
        writer.WriteText(name);
    });

    public static byte[] Name(string command) => CborWriter.ToArray((ref CborWriter writer) => writer.WriteText(command));

    /// <summary>A body of one byte string.</summary>
    public static byte[] Bytes(string command, string field, ReadOnlyMemory<byte> value) => CborWriter.ToArray((ref CborWriter writer) =>
    {
        WriteBodyHeader(ref writer, command, fields: 1);
        writer.WriteText(field);
        writer.WriteByteString(value.Span);
    });

    public static byte[] Pcr(bool isLocked, ReadOnlyMemory<byte> value) => CborWriter.ToArray((ref CborWriter writer) =>
    {
        WriteBodyHeader(ref writer, "DescribePCR", fields: 2);
        writer.WriteText("lock"u8);
        writer.WriteBoolean(isLocked);
        writer.WriteText("data"u8);
        writer.WriteByteString(value.Span);
    });

    public static byte[] Description(string moduleId, int maxPcrs, IReadOnlyCollection<int> locked) =>
        CborWriter.ToArray((ref CborWriter writer) =>
        {
            WriteBodyHeader(ref writer, "DescribeNSM", fields: 7);
            WriteNumber(ref writer, "version_major"u8, 1);
            WriteNumber(ref writer, "version_minor"u8, 0);
            WriteNumber(ref writer, "version_patch"u8, 0);
            writer.WriteText("module_id"u8);
            writer.WriteText(moduleId);
            WriteNumber(ref writer, "max_pcrs"u8, maxPcrs);
            writer.WriteText("locked_pcrs"u8);
            writer.WriteArrayHeader(locked.Count);
            foreach (int index in locked)
            {
                writer.WriteInt64(index);
            }

            writer.WriteText("digest"u8);
            writer.WriteText("SHA384"u8);
        });

    private static void WriteBodyHeader(ref CborWriter writer, string command, int fields)
    {
        writer.WriteMapHeader(1);
        writer.WriteText(command);
        writer.WriteMapHeader(fields);
    }

    private static void WriteNumber(ref CborWriter writer, ReadOnlySpan<byte> key, int value)
    {
        writer.WriteText(key);
        writer.WriteInt64(value);
    }
}
