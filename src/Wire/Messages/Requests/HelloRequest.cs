namespace Init.Wire;

/// <summary>Which versions does the client speak?</summary>
/// <param name="MinVersion">The oldest, at least 1.</param>
/// <param name="MaxVersion">The newest, not below the oldest.</param>
public sealed record HelloRequest(uint MinVersion, uint MaxVersion) : Request
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Hello;

    internal override void WriteArguments(ref CborWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteUInt64(1);
        writer.WriteUInt64(MinVersion);
        writer.WriteUInt64(2);
        writer.WriteUInt64(MaxVersion);
    }

    internal static HelloRequest ReadArguments(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("hello");
        reader.ReadKey(ref fields, 1);
        uint min = reader.ReadUInt32();
        reader.ReadKey(ref fields, 2);
        uint max = reader.ReadUInt32();
        fields.ReadEnd();
        return min > 0 && min <= max
            ? new HelloRequest(min, max)
            : throw WireException.Malformed($"read hello: versions {min} to {max}");
    }
}
