using System.Globalization;
using System.Security.Cryptography;
using Init.Eif;
using Init.Prover.Crs;

namespace Init.Parent.Image;

/// <summary>
/// The words that make the enclave refuse another reference string than the one it was built with (docs/boot.md, Settings). The points are
/// measured as part of the ramdisk in any case; the words say in the command line, which people read, which points those are.
/// </summary>
internal static class CrsPins
{
    private const int PointBytes = 64;
    private const int DefaultPoints = 1 << 20;
    private const string PointsSetting = "init.crs_points=";
    private const string G1Setting = "init.crs_sha256=";
    private const string G2Setting = "init.crs_g2_sha256=";
    private const string GrumpkinSetting = "init.crs_grumpkin_sha256=";

    /// <summary>The command line with a word for each file of the folder that the enclave will load, unless it has one.</summary>
    /// <exception cref="EifException">A file is missing or holds no whole number of points; <c>init.crs_points</c> is no number.</exception>
    public static string Add(string commandLine, string folder)
    {
        string[] words = commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long maxBytes = PointBytes * PointsOf(words);
        List<(string Setting, string Path, long MaxBytes)> pins =
        [
            (G1Setting, Path.Combine(folder, CrsFolder.G1FileName), maxBytes),
            (G2Setting, Path.Combine(folder, CrsFolder.G2FileName), long.MaxValue),
        ];

        // The enclave takes the newer name when both are there.
        string newer = Path.Combine(folder, CrsFolder.NewerGrumpkinFileName);
        string grumpkin = File.Exists(newer) ? newer : Path.Combine(folder, CrsFolder.GrumpkinFileName);
        if (File.Exists(grumpkin))
        {
            pins.Add((GrumpkinSetting, grumpkin, maxBytes));
        }

        IEnumerable<string> added = pins
            .Where(pin => !words.Any(word => word.StartsWith(pin.Setting, StringComparison.Ordinal)))
            .Select(pin => pin.Setting + DigestOf(pin.Path, pin.MaxBytes));
        return string.Join(' ', [commandLine, .. added]);
    }

    private static long PointsOf(string[] words)
    {
        string? word = Array.Find(words, w => w.StartsWith(PointsSetting, StringComparison.Ordinal));
        return word is null
            ? DefaultPoints
            : int.TryParse(word.AsSpan(PointsSetting.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int points)
                ? points
                : throw Refused(word, "not a number of points");
    }

    /// <summary>SHA-256 of what the enclave loads of a file: its beginning, as far as the limit allows.</summary>
    private static string DigestOf(string path, long maxBytes)
    {
        if (!File.Exists(path))
        {
            throw Refused(Path.GetFileName(path), "there is none in the folder");
        }

        using FileStream file = File.OpenRead(path);
        if (file.Length == 0 || file.Length % PointBytes != 0)
        {
            throw Refused(Path.GetFileName(path), $"{file.Length} bytes are no whole number of points");
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[1 << 20];
        for (long left = Math.Min(file.Length, maxBytes); left > 0;)
        {
            int wanted = (int)Math.Min(left, piece.Length);
            file.ReadExactly(piece, 0, wanted);
            hash.AppendData(piece, 0, wanted);
            left -= wanted;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static EifException Refused(string what, string cause) => new(EifError.InvalidInput, $"pin {what}: {cause}");
}
