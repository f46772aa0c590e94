using Init.Prover.Curve;
using Microsoft.Win32.SafeHandles;

namespace Init.Prover.Crs;

/// <summary>Loads a reference string from a folder with bb's file names, and believes none of it unchecked.</summary>
/// <remarks>The room's only file I/O. Whatever is missing, short or wrong: which file, what was expected, what was found.</remarks>
public static class CrsFolder
{
    /// <summary>[tau^i]G1, 64 bytes a point.</summary>
    public const string G1FileName = "bn254_g1.dat";

    /// <summary>[tau]G2, 128 bytes.</summary>
    public const string G2FileName = "bn254_g2.dat";

    /// <summary>Grumpkin's points, 64 bytes each; optional.</summary>
    public const string GrumpkinFileName = "grumpkin_g1.flat.dat";

    /// <summary>
    /// What bb 5.0.0 calls Grumpkin's points; taken when it is there. A folder that older versions used too can hold other points
    /// under <see cref="GrumpkinFileName"/>, with which a Chonk proof is made and does not verify.
    /// </summary>
    public const string NewerGrumpkinFileName = "grumpkin_g1_v2.flat.dat";

    /// <summary>The most points a file may have.</summary>
    public const int MaxFilePoints = 1 << 26;

    /// <summary>The most points that can be loaded: 1 GiB, a quarter of a sandbox's address space.</summary>
    public const int MaxLoadedPoints = 1 << 24;

    private const int PieceBytes = 1 << 20;

    /// <summary>Loads and checks the reference string in <paramref name="folder"/>.</summary>
    /// <param name="folder">The folder; nothing else is read.</param>
    /// <param name="options">How many points, and the digests, if pinned.</param>
    /// <param name="cancellation">Gives up between two pieces of a file.</param>
    /// <exception cref="ProverException">
    /// Crs: a file is missing, of an impossible length, too short, unreadable, holds a point off its curve, does not start with the
    /// generator or has another digest than the pinned one. InvalidInput: the options make no sense. Cancelled.
    /// </exception>
    public static ReferenceString Load(string folder, CrsOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        if (options.MinPoints < 1 || options.MaxPoints < options.MinPoints || options.MaxPoints > MaxLoadedPoints)
        {
            throw new ProverException(
                ProverError.InvalidInput,
                $"load CRS: {options.MinPoints} to {options.MaxPoints} points, allowed are 1 to {MaxLoadedPoints}");
        }

        try
        {
            byte[] g1 = LoadG1(Path.Combine(folder, G1FileName), options, cancellation);
            byte[] g2 = LoadG2(Path.Combine(folder, G2FileName), options, cancellation);
            byte[]? grumpkin = LoadGrumpkin(GrumpkinPath(folder), options, cancellation);
            return new ReferenceString(g1, g2, grumpkin);
        }
        catch (OperationCanceledException e)
        {
            throw new ProverException(ProverError.Cancelled, $"load CRS {folder}: cancelled", e);
        }
    }

    private static byte[] LoadG1(string path, CrsOptions options, CancellationToken cancellation)
    {
        byte[] points = ReadPoints(path, options.MinPoints, options, options.G1Sha256, cancellation);
        CheckOnCurve(path, points, PointCheck.PointCurve.Bn254, options, cancellation);
        ReadOnlySpan<byte> first = points.AsSpan(0, Bn254.G1PointBytes);
        Span<byte> generator = stackalloc byte[Bn254.G1PointBytes];
        generator.Clear();
        generator[31] = 1;
        generator[63] = 2;
        return first.SequenceEqual(generator)
            ? points
            : throw Wrong(path, "point 0 to be the generator (1, 2)", $"x = {Convert.ToHexStringLower(first[..32])}");
    }

    private static byte[] LoadG2(string path, CrsOptions options, CancellationToken cancellation)
    {
        using SafeFileHandle file = Open(path);
        long lengthBytes = RandomAccess.GetLength(file);
        if (lengthBytes != Bn254.G2PointBytes)
        {
            throw Wrong(path, $"{Bn254.G2PointBytes} bytes", $"{lengthBytes}");
        }

        byte[] point = Read(file, path, Bn254.G2PointBytes, options.G2Sha256, cancellation);
        return Bn254.IsInG2(point) ? point : throw Wrong(path, "a point of BN254's G2", "one that is not");
    }

    private static string GrumpkinPath(string folder)
    {
        string newer = Path.Combine(folder, NewerGrumpkinFileName);
        return File.Exists(newer) ? newer : Path.Combine(folder, GrumpkinFileName);
    }

    private static byte[]? LoadGrumpkin(string path, CrsOptions options, CancellationToken cancellation)
    {
        // Pinned means needed: otherwise a deleted file would pass where a changed one does not.
        if (options.GrumpkinSha256 is null && !File.Exists(path))
        {
            return null;
        }

        byte[] points = ReadPoints(path, minPoints: 1, options, options.GrumpkinSha256, cancellation);
        CheckOnCurve(path, points, PointCheck.PointCurve.Grumpkin, options, cancellation);
        return points;
    }

    private static byte[] ReadPoints(
        string path, int minPoints, CrsOptions options, string? sha256, CancellationToken cancellation)
    {
        using SafeFileHandle file = Open(path);
        long lengthBytes = RandomAccess.GetLength(file);
        if (lengthBytes % Bn254.G1PointBytes != 0)
        {
            throw Wrong(path, $"a multiple of {Bn254.G1PointBytes} bytes", $"{lengthBytes}");
        }

        long points = lengthBytes / Bn254.G1PointBytes;
        if (points < minPoints || points > MaxFilePoints)
        {
            throw Wrong(path, $"{minPoints} to {MaxFilePoints} points", $"{points}");
        }

        int used = (int)Math.Min(points, options.MaxPoints);
        return Read(file, path, used * Bn254.G1PointBytes, sha256, cancellation);
    }

    private static byte[] Read(SafeFileHandle file, string path, int lengthBytes, string? sha256, CancellationToken cancellation)
    {
        byte[] expected = sha256 is null ? [] : ParseDigest(path, sha256);
        Sha256? hash = sha256 is null ? null : new Sha256();
        byte[] bytes = new byte[lengthBytes];
        for (int position = 0; position < lengthBytes;)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> piece = bytes.AsSpan(position, Math.Min(PieceBytes, lengthBytes - position));
            int read = ReadPiece(file, path, piece, position);
            hash?.Append(piece[..read]);
            position += read;
        }

        if (hash is not null)
        {
            byte[] found = hash.Finish();
            if (!found.AsSpan().SequenceEqual(expected))
            {
                throw Wrong(
                    path,
                    $"SHA-256 {Convert.ToHexStringLower(expected)} of the first {lengthBytes} bytes",
                    Convert.ToHexStringLower(found));
            }
        }

        return bytes;
    }

    private static int ReadPiece(SafeFileHandle file, string path, Span<byte> piece, int position)
    {
        try
        {
            int read = RandomAccess.Read(file, piece, position);
            return read > 0 ? read : throw Wrong(path, "more bytes", $"the end at {position}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProverException(ProverError.Crs, $"read {path}: {e.Message}", e);
        }
    }

    private static byte[] ParseDigest(string path, string hex)
    {
        byte[] digest = new byte[Sha256.DigestBytes];
        bool valid = hex.Length == 2 * Sha256.DigestBytes
            && Convert.FromHexString(hex, digest, out _, out _) == System.Buffers.OperationStatus.Done;
        return valid ? digest : throw new ProverException(ProverError.InvalidInput, $"SHA-256 pinned for {path}: not 64 hexadecimal digits");
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, options: FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProverException(ProverError.Crs, $"CRS file {path}: missing", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ProverException(ProverError.Crs, $"open {path}: {e.Message}", e);
        }
    }

    private static void CheckOnCurve(
        string path, byte[] points, PointCheck.PointCurve curve, CrsOptions options, CancellationToken cancellation)
    {
        int bad = PointCheck.FindOffCurve(points, curve, options.Threads, cancellation);
        if (bad >= 0)
        {
            ReadOnlySpan<byte> x = points.AsSpan(bad * Bn254.G1PointBytes, Bn254.G1PointBytes / 2);
            throw Wrong(path, $"points on {curve}", $"point {bad}, x = {Convert.ToHexStringLower(x)}, off it");
        }
    }

    private static ProverException Wrong(string path, string expected, string found) =>
        new(ProverError.Crs, $"CRS file {path}: expected {expected}, found {found}");
}
