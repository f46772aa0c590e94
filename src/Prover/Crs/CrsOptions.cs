namespace Init.Prover.Crs;

/// <summary>How much of a reference string to load, and what it must be.</summary>
public sealed record CrsOptions
{
    /// <summary>The fewest G1 points that will do: one more than the largest circuit's size. A shorter file is refused.</summary>
    public int MinPoints { get; init; } = 2;

    /// <summary>The most G1 (and Grumpkin) points to load, at most <see cref="CrsFolder.MaxLoadedPoints"/>; the file may have more.</summary>
    public int MaxPoints { get; init; } = 1 << 20;

    /// <summary>SHA-256, in hexadecimal, of the bytes loaded from <c>bn254_g1.dat</c>; it depends on how many those are.</summary>
    public string? G1Sha256 { get; init; }

    /// <summary>SHA-256, in hexadecimal, of <c>bn254_g2.dat</c>.</summary>
    public string? G2Sha256 { get; init; }

    /// <summary>SHA-256, in hexadecimal, of the bytes loaded from Grumpkin's file; makes that file mandatory.</summary>
    public string? GrumpkinSha256 { get; init; }

    /// <summary>The number of threads that check points, by default one for each processor.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
