namespace Init.Wire;

/// <summary>Drain, then end. Answered when draining begins.</summary>
public sealed record ShutdownRequest : Request
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Shutdown;

    internal override void WriteArguments(ref CborWriter writer) => writer.WriteMapHeader(0);

    internal static ShutdownRequest ReadArguments(ref MessageReader reader)
    {
        reader.ReadFields("shutdown").ReadEnd();
        return new ShutdownRequest();
    }
}
