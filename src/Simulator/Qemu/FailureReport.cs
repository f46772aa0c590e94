using Init.Wire;

namespace Init.Simulator.Qemu;

/// <summary>What an enclave that could not go on said on port 9001 before it ended.</summary>
/// <param name="Since">How long after QEMU's start it came.</param>
/// <param name="Bytes">The record as it came: CBOR, <c>{1: stage, 2: reason, 3: uptime in ms}</c>.</param>
public sealed record FailureReport(TimeSpan Since, ReadOnlyMemory<byte> Bytes)
{
    private const int MaxStageBytes = 32;
    private const int MaxReasonBytes = 256;

    /// <summary>Where it failed: a boot stage, <c>running</c> or <c>signal</c>. Null when the record is none.</summary>
    public string? Stage { get; private init; }

    /// <summary>Why: operation, object, cause. Null when the record is none.</summary>
    public string? Reason { get; private init; }

    /// <summary>How long the enclave's first process had run. Null when the record is none.</summary>
    public TimeSpan? Uptime { get; private init; }

    /// <summary>Reads a record; what is none stays a report, of bytes alone.</summary>
    internal static FailureReport Read(TimeSpan since, ReadOnlyMemory<byte> bytes)
    {
        var report = new FailureReport(since, bytes);
        try
        {
            var reader = new CborReader(bytes.Span, CborRules.Deterministic);
            CborItems items = reader.ReadMap();
            string stage = Field(ref reader, ref items, 1) ? reader.ReadText(MaxStageBytes) : throw Unknown();
            string reason = Field(ref reader, ref items, 2) ? reader.ReadText(MaxReasonBytes) : throw Unknown();
            ulong uptimeMs = Field(ref reader, ref items, 3) ? reader.ReadUInt32() : throw Unknown();
            reader.ReadEnd();
            return report with { Stage = stage, Reason = reason, Uptime = TimeSpan.FromMilliseconds(uptimeMs) };
        }
        catch (WireException)
        {
            return report;
        }
    }

    private static bool Field(ref CborReader reader, ref CborItems items, ulong key) => reader.HasNext(ref items) && reader.ReadUInt64() == key;

    private static WireException Unknown() => new(WireError.Malformed, "read a failure report: not its fields");
}
