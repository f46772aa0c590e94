using System.Globalization;
using Init.Prover.Crs;
using Init.Prover.Curve;
using Fr = Init.Prover.Curve.FieldElement<Init.Prover.Curve.ScalarFieldModulus>;

namespace Init.DevSrs;

/// <summary>
/// The reference string of a tau that everyone knows. With it anyone can prove anything: for tests and benchmarks only. The
/// production prover refuses it.
/// </summary>
internal static class InsecureSrs
{
    /// <summary>The file that says so.</summary>
    public const string MarkerFileName = "INSECURE-DEV-SRS";

    private const int PointsPerPiece = 4096;

    /// <summary>The trapdoor, 0xfedcba98765432101234567890abcdef.</summary>
    public static Limbs Tau => new(0x1234567890abcdef, 0xfedcba9876543210, 0, 0);

    /// <summary>Whether the folder holds what <see cref="Write"/> would write, or a longer one.</summary>
    public static bool IsPresent(string folder, int points)
    {
        var g1 = new FileInfo(Path.Combine(folder, CrsFolder.G1FileName));
        var g2 = new FileInfo(Path.Combine(folder, CrsFolder.G2FileName));
        return g1.Exists && g2.Exists && File.Exists(Path.Combine(folder, MarkerFileName))
            && g1.Length >= (long)points * Bn254.G1PointBytes && g1.Length % Bn254.G1PointBytes == 0
            && File.ReadAllBytes(g2.FullName).AsSpan().SequenceEqual(G2());
    }

    /// <summary>Writes the marker, then BN254's files, each under another name first so that a broken run leaves no half file.</summary>
    /// <param name="folder">The folder, made if it is not there.</param>
    /// <param name="points">The number of G1 points.</param>
    /// <param name="progress">Told how many points are done.</param>
    public static void Write(string folder, int points, Action<int> progress)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, MarkerFileName),
            """
            INSECURE. The secret of this reference string is public (tau = 0xfedcba98765432101234567890abcdef): with it anyone
            can make an accepted proof of a false statement. For tests and benchmarks only. The production prover refuses it.

            """);
        Replace(Path.Combine(folder, CrsFolder.G2FileName), stream => stream.Write(G2()));
        Replace(Path.Combine(folder, CrsFolder.G1FileName), stream => WriteG1(stream, points, progress));
    }

    /// <summary>tau G2: 128 bytes, x.c0, x.c1, y.c0, y.c1, big-endian.</summary>
    public static byte[] G2()
    {
        (QuadraticElement x, QuadraticElement y) = G2Generator().Multiply(Tau).ToAffine();
        byte[] point = new byte[Bn254.G2PointBytes];
        x.C0.WriteBigEndian(point);
        x.C1.WriteBigEndian(point.AsSpan(32));
        y.C0.WriteBigEndian(point.AsSpan(64));
        y.C1.WriteBigEndian(point.AsSpan(96));
        return point;
    }

    /// <summary>Writes tau^i G1 for i from 0, 64 bytes each, with all processors.</summary>
    public static void WriteG1(Stream stream, int points, Action<int> progress)
    {
        var table = new FixedBaseTable();
        int piecesAtOnce = 4 * Environment.ProcessorCount;
        byte[] buffer = new byte[piecesAtOnce * PointsPerPiece * Bn254.G1PointBytes];
        for (int start = 0; start < points; start += piecesAtOnce * PointsPerPiece)
        {
            int count = Math.Min(points - start, piecesAtOnce * PointsPerPiece);
            int pieces = (count + PointsPerPiece - 1) / PointsPerPiece;
            int batchStart = start;
            Parallel.For(0, pieces, piece =>
            {
                int first = piece * PointsPerPiece;
                int length = Math.Min(count - first, PointsPerPiece);
                Span<byte> target = buffer.AsSpan(first * Bn254.G1PointBytes, length * Bn254.G1PointBytes);
                WritePiece(table, batchStart + first, target);
            });
            stream.Write(buffer, 0, count * Bn254.G1PointBytes);
            progress(start + count);
        }
    }

    /// <summary>Writes a file under another name and renames it, so that there is never half of it.</summary>
    public static void Replace(string path, Action<Stream> write)
    {
        string partial = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}.partial");
        using (FileStream stream = File.Create(partial))
        {
            write(stream);
        }

        File.Move(partial, path, overwrite: true);
    }

    private static void WritePiece(FixedBaseTable table, int firstPower, Span<byte> target)
    {
        Limbs[] scalars = new Limbs[target.Length / Bn254.G1PointBytes];
        AffinePoint[] points = new AffinePoint[scalars.Length];
        Fr tau = FromLimbs<ScalarFieldModulus>(Tau);
        Fr power = tau.Power(new((ulong)firstPower, 0, 0, 0));
        for (int i = 0; i < scalars.Length; i++)
        {
            scalars[i] = power.ToLimbs();
            power *= tau;
        }

        table.Multiply(scalars, points);
        for (int i = 0; i < points.Length; i++)
        {
            points[i].WriteBigEndian(target[(i * Bn254.G1PointBytes)..]);
        }
    }

    // The generator of G2 that EIP-197 and all of Barretenberg use.
    private static G2Point G2Generator() => new(
        new(
            FromHex("1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"),
            FromHex("198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2")),
        new(
            FromHex("12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"),
            FromHex("090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b")),
        QuadraticElement.One);

    private static FieldElement<BaseFieldModulus> FromHex(string hex) =>
        FromLimbs<BaseFieldModulus>(Limbs.FromBigEndian(Convert.FromHexString(hex)));

    private static FieldElement<TModulus> FromLimbs<TModulus>(in Limbs value)
        where TModulus : struct, IModulus
    {
        Span<byte> bytes = stackalloc byte[FieldElement<TModulus>.LengthBytes];
        value.WriteBigEndian(bytes);
        return FieldElement<TModulus>.TryFromBigEndian(bytes, out FieldElement<TModulus> element)
            ? element
            : throw new InvalidOperationException("constant is not below the modulus");
    }
}
