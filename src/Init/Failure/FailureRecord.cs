using System.Text;
using Init.Wire;

namespace Init.Failure;

/// <summary>What the parent is told when the enclave fails: one CBOR document on a connection of its own, then its end.</summary>
/// <param name="Stage">The boot stage, <c>running</c>, or <c>signal</c> (native/init/early.c writes that one itself).</param>
/// <param name="Reason">Operation, object, cause.</param>
/// <param name="Uptime">Since the process began.</param>
internal sealed record FailureRecord(string Stage, string Reason, TimeSpan Uptime)
{
    /// <summary>The parent's vsock port for it.</summary>
    public const uint Port = 9001;

    /// <summary>The longest stage, in bytes.</summary>
    public const int MaxStageBytes = 32;

    /// <summary>The longest reason, in bytes; the rest is cut off.</summary>
    public const int MaxReasonBytes = 256;

    /// <summary>The record: <c>{1: stage, 2: reason, 3: uptime in ms}</c>, deterministic CBOR.</summary>
    public byte[] Encode()
    {
        byte[] stage = Printable(Stage, MaxStageBytes);
        byte[] reason = Printable(Reason, MaxReasonBytes);
        ulong uptimeMs = (ulong)Math.Max(0, (long)Uptime.TotalMilliseconds);
        return CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteMapHeader(3);
            writer.WriteUInt64(1);
            writer.WriteText(stage);
            writer.WriteUInt64(2);
            writer.WriteText(reason);
            writer.WriteUInt64(3);
            writer.WriteUInt64(uptimeMs);
        });
    }

    private static byte[] Printable(string text, int maxBytes)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text.Length <= maxBytes ? text : text[..maxBytes]);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = bytes[i] is >= (byte)' ' and <= (byte)'~' ? bytes[i] : (byte)'?';
        }

        return bytes;
    }
}
