namespace Init.Wire;

/// <summary>Whether the proof verifies.</summary>
/// <param name="Valid">False when it is well formed and does not.</param>
public sealed record VerifyReply(bool Valid) : Reply
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Verify;

    internal override void WriteResult(ref CborWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteUInt64(1);
        writer.WriteBoolean(Valid);
    }

    internal static VerifyReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("verify reply");
        reader.ReadKey(ref fields, 1);
        bool valid = reader.ReadBoolean();
        fields.ReadEnd();
        return new VerifyReply(valid);
    }
}
