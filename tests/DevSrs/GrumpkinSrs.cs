using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Init.Prover.Crs;
using Init.Prover.Curve;
using Fr = Init.Prover.Curve.FieldElement<Init.Prover.Curve.ScalarFieldModulus>;

namespace Init.DevSrs;

/// <summary>
/// Barretenberg's Grumpkin reference string, the real one: it comes from hashing and not from a ceremony, so it has no secret,
/// and anyone can make it. Chonk needs it beside BN254's, which is the INSECURE part of a development folder.
/// </summary>
/// <remarks>
/// Point i is the first that is on the curve among SHA-256(label, i, attempt), both numbers in 8 bytes big-endian. The digest's
/// four words, least significant first and each big-endian, hold x in 255 bits and in the top bit whether y is odd. An x
/// that is not below the modulus is passed over; before version 2 of the file it was reduced.
/// </remarks>
internal static class GrumpkinSrs
{
    /// <summary>What Chonk needs: Barretenberg's CONST_ECCVM_LOG_N is 15.</summary>
    public const int Points = 1 << 15;

    /// <summary>SHA-256 of the first <see cref="Points"/> points of Barretenberg's grumpkin_g1_v2.flat.dat.</summary>
    public const string Sha256 = "72b8cdad9da82b666987e5fe6f5a0804e3a9b5ba750aa5d451b514442fe157b2";

    /// <summary>The name that native bb 5.0.0 reads it under.</summary>
    public const string NativeFileName = "grumpkin_g1_v2.flat.dat";

    private const string Label = "BARRETENBERG_GRUMPKIN_IPA_CRS";
    private const int PointsPerPiece = 256;
    private const int TwoAdicity = 28; // r - 1 = 2^28 * odd

    private static readonly Fr Seventeen = Fr.FromUInt64(17);
    private static readonly Limbs OddPart = ShiftRight(new(Fr.Modulus.L0 - 1, Fr.Modulus.L1, Fr.Modulus.L2, Fr.Modulus.L3), TwoAdicity);
    private static readonly Limbs HalfOfOddPart = ShiftRight(OddPart, 1); // rounded down: (odd - 1) / 2
    private static readonly Fr RootOfUnity = Fr.FromUInt64(5).Power(OddPart); // of order 2^28: 5 is not a square

    /// <summary>Whether the folder holds what <see cref="Write"/> writes.</summary>
    public static bool IsPresent(string folder)
    {
        // The length is enough: files appear whole, and only after their digest was found right.
        bool Has(string name) => new FileInfo(Path.Combine(folder, name)) is { Exists: true, Length: Points * Grumpkin.PointBytes };
        return Has(CrsFolder.GrumpkinFileName) && Has(NativeFileName);
    }

    /// <summary>Makes the points and writes them under both names.</summary>
    /// <exception cref="InvalidDataException">They are not Barretenberg's: a bug.</exception>
    public static void Write(string folder)
    {
        byte[] points = Make(Points);
        string digest = Convert.ToHexStringLower(SHA256.HashData(points));
        if (digest != Sha256)
        {
            throw new InvalidDataException($"Grumpkin points have SHA-256 {digest}, Barretenberg's have {Sha256}");
        }

        Directory.CreateDirectory(folder);
        InsecureSrs.Replace(Path.Combine(folder, CrsFolder.GrumpkinFileName), stream => stream.Write(points));
        InsecureSrs.Replace(Path.Combine(folder, NativeFileName), stream => stream.Write(points));
    }

    /// <summary>The first points, 64 bytes each: x, y, big-endian. Made with all processors.</summary>
    public static byte[] Make(int count)
    {
        byte[] points = new byte[count * Grumpkin.PointBytes];
        Parallel.For(0, (count + PointsPerPiece - 1) / PointsPerPiece, piece =>
        {
            for (int i = piece * PointsPerPiece; i < Math.Min(count, (piece + 1) * PointsPerPiece); i++)
            {
                WritePoint(i, points.AsSpan(i * Grumpkin.PointBytes, Grumpkin.PointBytes));
            }
        });
        return points;
    }

    private static void WritePoint(int index, Span<byte> target)
    {
        Span<byte> input = stackalloc byte[Label.Length + 16];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Encoding.ASCII.GetBytes(Label, input);
        BinaryPrimitives.WriteUInt64BigEndian(input[Label.Length..], (ulong)index);
        for (ulong attempt = 0; ; attempt++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(input[(Label.Length + 8)..], attempt);
            SHA256.HashData(input, digest);
            if (TryDecompress(digest, target))
            {
                return;
            }
        }
    }

    private static bool TryDecompress(ReadOnlySpan<byte> digest, Span<byte> point)
    {
        bool isOdd = digest[24] >= 0x80; // of the most significant word
        Span<byte> x = point[..Fr.LengthBytes];
        for (int word = 0; word < 4; word++)
        {
            digest.Slice(8 * word, 8).CopyTo(x[(24 - (8 * word))..]);
        }

        x[0] &= 0x7f;
        if (!Fr.TryFromBigEndian(x, out Fr fx) || !TrySquareRoot((fx.Square() * fx) - Seventeen, out Fr y))
        {
            return false;
        }

        if (((y.ToLimbs().L0 & 1) != 0) != isOdd)
        {
            y = Fr.Zero - y;
        }

        y.WriteBigEndian(point[Fr.LengthBytes..]);
        return true;
    }

    // Tonelli and Shanks (Cohen, A Course in Computational Algebraic Number Theory, algorithm 1.5.1). With w = a^((odd-1)/2):
    // root^2 = a * rest throughout, and the order of rest, a power of two, falls until rest is 1.
    private static bool TrySquareRoot(in Fr a, out Fr root)
    {
        Fr w = a.Power(HalfOfOddPart);
        root = a * w;
        Fr rest = root * w;
        Fr factor = RootOfUnity;
        int order = TwoAdicity;
        while (!rest.Equals(Fr.One))
        {
            int restOrder = 0;
            for (Fr t = rest; !t.Equals(Fr.One) && restOrder < order; restOrder++)
            {
                t = t.Square();
            }

            if (restOrder == order)
            {
                return false; // No square. Zero ends here too, but y is never zero: Grumpkin's order is odd.
            }

            Fr step = factor;
            for (int i = 0; i < order - restOrder - 1; i++)
            {
                step = step.Square();
            }

            order = restOrder;
            factor = step.Square();
            root *= step;
            rest *= factor;
        }

        return true;
    }

    private static Limbs ShiftRight(in Limbs value, int bits) => new(
        (value.L0 >> bits) | (value.L1 << (64 - bits)),
        (value.L1 >> bits) | (value.L2 << (64 - bits)),
        (value.L2 >> bits) | (value.L3 << (64 - bits)),
        value.L3 >> bits);
}
