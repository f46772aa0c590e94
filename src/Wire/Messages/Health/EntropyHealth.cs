namespace Init.Wire;

/// <summary>What the kernel's random number generator was seeded with.</summary>
public sealed record EntropyHealth
{
    /// <summary>Such as <c>nsm-hwrng</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Bytes added and credited.</summary>
    public required ulong CreditedBytes { get; init; }

    /// <summary>The kernel's own count in bits (RNDGETENTCNT).</summary>
    public required ulong KernelBits { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.WriteUInt64(1);
        writer.WriteText(Source);
        writer.WriteUInt64(2);
        writer.WriteUInt64(CreditedBytes);
        writer.WriteUInt64(3);
        writer.WriteUInt64(KernelBits);
    }

    internal static EntropyHealth Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("entropy");
        reader.ReadKey(ref fields, 1);
        string source = reader.ReadText(WireLimits.MaxNameBytes);
        reader.ReadKey(ref fields, 2);
        ulong creditedBytes = reader.ReadUInt64();
        reader.ReadKey(ref fields, 3);
        ulong kernelBits = reader.ReadUInt64();
        fields.ReadEnd();
        return new EntropyHealth
        {
            Source = source,
            CreditedBytes = creditedBytes,
            KernelBits = kernelBits,
        };
    }
}
