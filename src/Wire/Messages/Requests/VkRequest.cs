namespace Init.Wire;

/// <summary>The verification key of a circuit.</summary>
/// <param name="Circuit">The circuit.</param>
/// <param name="Settings">Those that proofs will be made with.</param>
public sealed record VkRequest(CircuitSource Circuit, ProveSettings Settings) : Request
{
    /// <inheritdoc/>
    public override Operation Operation => Operation.Vk;

    internal override void WriteArguments(ref CborWriter writer)
    {
        writer.WriteMapHeader(2);
        Circuit.Write(ref writer);
        writer.WriteUInt64(3);
        Settings.Write(ref writer);
    }

    internal static VkRequest ReadArguments(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("vk");
        CircuitSource circuit = CircuitSource.Read(ref reader, ref fields);
        reader.ReadKey(ref fields, 3);
        ProveSettings settings = ProveSettings.Read(ref reader);
        fields.ReadEnd();
        return new VkRequest(circuit, settings);
    }
}
