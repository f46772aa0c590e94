namespace Init.Prover.Crs;

/// <summary>A checked reference string, in the byte order that bbapi takes it in.</summary>
public sealed class ReferenceString
{
    internal ReferenceString(byte[] g1Points, byte[] g2Point, byte[]? grumpkinPoints)
    {
        G1Points = g1Points;
        G2Point = g2Point;

        // Not by conversion: a null array would become empty memory, which is not the same as no file.
        if (grumpkinPoints is not null)
        {
            GrumpkinPoints = grumpkinPoints;
        }
    }

    /// <summary>tau^i G1, 64 bytes a point: x, y, big-endian.</summary>
    public ReadOnlyMemory<byte> G1Points { get; }

    /// <summary>The number of points in <see cref="G1Points"/>.</summary>
    public int G1PointCount => G1Points.Length / Curve.Bn254.G1PointBytes;

    /// <summary>tau G2, 128 bytes: x.c0, x.c1, y.c0, y.c1, big-endian.</summary>
    public ReadOnlyMemory<byte> G2Point { get; }

    /// <summary>Grumpkin's points, 64 bytes each, or null where the folder has none.</summary>
    public ReadOnlyMemory<byte>? GrumpkinPoints { get; }

    /// <summary>The number of points in <see cref="GrumpkinPoints"/>, zero where the folder has none.</summary>
    public int GrumpkinPointCount => (GrumpkinPoints?.Length ?? 0) / Curve.Grumpkin.PointBytes;
}
