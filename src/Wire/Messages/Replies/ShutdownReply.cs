namespace Init.Wire;

/// <summary>Draining has begun.</summary>
/// <param name="Draining">Requests that are still in flight.</param>
public sealed record ShutdownReply(uint Draining) : Reply
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Shutdown;

    internal override void WriteResult(ref CborWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteUInt64(1);
        writer.WriteUInt64(Draining);
    }

    internal static ShutdownReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("shutdown reply");
        reader.ReadKey(ref fields, 1);
        uint draining = reader.ReadUInt32();
        fields.ReadEnd();
        return new ShutdownReply(draining);
    }
}
