using Init.Prover.Curve;

namespace Init.Prover.Crs;

/// <summary>Finds the first point of a file that is not on its curve, with several threads.</summary>
internal static class PointCheck
{
    /// <summary>The curves whose points a CRS folder holds in bulk.</summary>
    public enum PointCurve
    {
        /// <summary>BN254's G1.</summary>
        Bn254,

        /// <summary>Grumpkin.</summary>
        Grumpkin,
    }

    private const int PointBytes = 64;
    private const int PointsPerPiece = 4096;

    /// <summary>Returns the index of the first point off the curve, or -1.</summary>
    /// <param name="points">64 bytes a point.</param>
    /// <param name="curve">The curve.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <param name="cancellation">Ends the check with an OperationCanceledException, for the caller to translate.</param>
    public static int FindOffCurve(ReadOnlyMemory<byte> points, PointCurve curve, int threads, CancellationToken cancellation)
    {
        int count = points.Length / PointBytes;
        int pieces = (count + PointsPerPiece - 1) / PointsPerPiece;
        if (pieces <= 1)
        {
            cancellation.ThrowIfCancellationRequested();
            return FindOffCurve(points.Span, curve, 0, count); // no threads, whose start would take longer
        }

        int firstBad = int.MaxValue;
        var lockOfFirstBad = new Lock();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellation };

        Parallel.For(0, pieces, options, piece =>
        {
            int start = piece * PointsPerPiece;
            int bad = FindOffCurve(points.Span, curve, start, Math.Min(count, start + PointsPerPiece));
            if (bad >= 0)
            {
                lock (lockOfFirstBad)
                {
                    firstBad = Math.Min(firstBad, bad);
                }
            }
        });

        return firstBad == int.MaxValue ? -1 : firstBad;
    }

    private static int FindOffCurve(ReadOnlySpan<byte> points, PointCurve curve, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            ReadOnlySpan<byte> x = points.Slice(i * PointBytes, PointBytes / 2);
            ReadOnlySpan<byte> y = points.Slice((i * PointBytes) + (PointBytes / 2), PointBytes / 2);
            bool valid = curve == PointCurve.Bn254 ? Bn254.IsOnCurve(x, y) : Grumpkin.IsOnCurve(x, y);
            if (!valid)
            {
                return i;
            }
        }

        return -1;
    }
}
