namespace Init.Wire;

/// <summary>How is the enclave?</summary>
public sealed record HealthRequest : Request
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Health;

    internal override void WriteArguments(ref CborWriter writer) => writer.WriteMapHeader(0);

    internal static HealthRequest ReadArguments(ref MessageReader reader)
    {
        reader.ReadFields("health").ReadEnd();
        return new HealthRequest();
    }
}
