namespace Init.Wire;

/// <summary>Whether there was something to cancel.</summary>
/// <param name="Found">False when no such request was in flight. The cancelled one is answered too.</param>
public sealed record CancelReply(bool Found) : Reply
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Cancel;

    internal override void WriteResult(ref CborWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteUInt64(1);
        writer.WriteBoolean(Found);
    }

    internal static CancelReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("cancel reply");
        reader.ReadKey(ref fields, 1);
        bool found = reader.ReadBoolean();
        fields.ReadEnd();
        return new CancelReply(found);
    }
}
