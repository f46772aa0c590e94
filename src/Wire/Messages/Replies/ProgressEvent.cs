namespace Init.Wire;

/// <summary>How far a prove request has come.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="ElapsedMs">Since the server had the whole request.</param>
/// <param name="Detail">Of <see cref="ProgressStage.Queued"/> how many wait before it, else 0.</param>
public sealed record ProgressEvent(ProgressStage Stage, ulong ElapsedMs, ulong Detail)
{
    private const int Elements = 3;

    internal void Write(ref CborWriter writer)
    {
        writer.WriteArrayHeader(Elements);
        writer.WriteUInt64((ulong)Stage);
        writer.WriteUInt64(ElapsedMs);
        writer.WriteUInt64(Detail);
    }

    internal static ProgressEvent Read(ref MessageReader reader)
    {
        reader.ReadArrayOf(Elements, "progress");
        ProgressStage stage = (ProgressStage)reader.ReadEnum((byte)ProgressStage.Queued, (byte)ProgressStage.Running, "stage");
        return new ProgressEvent(stage, reader.ReadUInt64(), reader.ReadUInt64());
    }
}
