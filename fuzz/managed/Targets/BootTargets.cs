using System.Text;
using Init.Client;
using Init.Configuration;
using Init.Prover;
using Init.Prover.Crs;
using Init.Prover.Tests.Curve;

namespace Init.Fuzz.Targets;

/// <summary>What the enclave reads while it boots, settings and reference string; and the address that a client is given.</summary>
internal static class BootTargets
{
    private const int PointBytes = 64;
    private const int G2Bytes = 128;
    private const int Points = 6;

    private static readonly Lazy<string> CrsFiles = new(() => Directory.CreateTempSubdirectory("init-fuzz-crs-").FullName);
    private static readonly Lazy<byte[]> G1File = new(MakePoints);
    private static readonly Lazy<byte[]> G2File = new(DevSrs.InsecureSrs.G2);
    private static readonly Lazy<byte[]> GrumpkinFile = new(() => DevSrs.GrumpkinSrs.Make(2));

    public static IReadOnlyList<ManagedTarget> List { get; } =
    [
        new("settings", bytes => Refusal.Of<SettingsException>(() => KernelCommandLine.Parse(Encoding.UTF8.GetString(bytes))))
        {
            CheckAccepted = CheckSettings,
            MaxBytes = 2048, // x86's COMMAND_LINE_SIZE
            AllocationLimit = bytes => (64 * 1024) + (512L * bytes), // an array and a string for each word
            Seeds = SettingSeeds,
        },
        new("crs", bytes => bytes.Length > 0 && Refusal.Of<ProverException>(() => LoadCrs(bytes)))
        {
            CheckAccepted = CheckCrs,
            MaxBytes = 64,
            AllocationLimit = bytes => (256 * 1024) + (64L * bytes), // the files are written here
            Seeds = () => [[0], [1], [2], [0, 5, 0, 1], [1, 200, 0, 255], [2, 200, 1, 1], [4, 1, 0, 0]],
        },
        new("address", bytes => Refusal.Of<ClientException>(() => EnclaveAddress.Parse(Encoding.UTF8.GetString(bytes))))
        {
            CheckAccepted = CheckAddress,
            MaxBytes = 128,
            AllocationLimit = bytes => (64 * 1024) + (256L * bytes),
            Seeds = () => new[] { "vsock:16:5000", "simulator:/tmp/vsock", "simulator:/tmp/vsock:9001", "unix:/run/init" }.Select(Encoding.UTF8.GetBytes),
        },
    ];

    // What is written as text and read again is the same.
    private static void CheckSettings(byte[] bytes)
    {
        EnclaveSettings settings = KernelCommandLine.Parse(Encoding.UTF8.GetString(bytes));
        IEnumerable<string> words = from setting in SettingsTable.All
                                    let value = setting.Format(settings)
                                    where value.Length > 0
                                    select $"init.{setting.Name}={value}";
        Assert.Equal(settings, KernelCommandLine.Parse(string.Join(' ', words)));
    }

    private static void CheckAddress(byte[] bytes)
    {
        EnclaveAddress address = EnclaveAddress.Parse(Encoding.UTF8.GetString(bytes));
        Assert.Equal(address, EnclaveAddress.Parse(address.ToString()));
    }

    private static ReferenceString LoadCrs(byte[] bytes)
    {
        (byte[] g1, byte[] g2, byte[]? grumpkin) = Files(bytes);
        File.WriteAllBytes(Path.Combine(CrsFiles.Value, CrsFolder.G1FileName), g1);
        File.WriteAllBytes(Path.Combine(CrsFiles.Value, CrsFolder.G2FileName), g2);
        string third = Path.Combine(CrsFiles.Value, CrsFolder.GrumpkinFileName);
        File.Delete(third);
        if (grumpkin is not null)
        {
            File.WriteAllBytes(third, grumpkin);
        }

        return CrsFolder.Load(CrsFiles.Value, new CrsOptions { MinPoints = 2, MaxPoints = Points, Threads = 1 });
    }

    // The first byte: which file is changed, and whether there is a third. Then changes: where (two bytes) and by what; a place behind the end
    // makes the file longer or shorter.
    private static (byte[] G1, byte[] G2, byte[]? Grumpkin) Files(byte[] bytes)
    {
        byte[][] files = [G1File.Value, G2File.Value, GrumpkinFile.Value];
        int changed = bytes[0] % files.Length;
        List<byte> file = [.. files[changed]];
        for (int i = 1; i + 2 < bytes.Length; i += 3)
        {
            int place = bytes[i] | (bytes[i + 1] << 8);
            if (place < file.Count)
            {
                file[place] ^= bytes[i + 2];
            }
            else if (bytes[i + 2] % 2 == 0)
            {
                file.AddRange(new byte[bytes[i + 2]]);
            }
            else
            {
                file.RemoveRange(Math.Max(0, file.Count - bytes[i + 2]), Math.Min(file.Count, bytes[i + 2]));
            }
        }

        files[changed] = [.. file];
        return (files[0], files[1], bytes[0] % 4 == 3 ? null : files[2]);
    }

    // Each point that was loaded is on its curve, by arithmetic with big integers.
    private static void CheckCrs(byte[] bytes)
    {
        ReferenceString loaded = LoadCrs(bytes);
        CheckPoints(loaded.G1Points.Span, BigCurve.P, constant: 3);
        CheckPoints((loaded.GrumpkinPoints ?? default).Span, BigCurve.R, constant: -17);
        Assert.True(loaded.G2Point.Span.SequenceEqual(G2File.Value), "a point of G2 two or three bytes away from another");
    }

    private static void CheckPoints(ReadOnlySpan<byte> points, System.Numerics.BigInteger modulus, int constant)
    {
        for (int at = 0; at < points.Length; at += PointBytes)
        {
            var x = BigCurve.Number(points.Slice(at, PointBytes / 2));
            var y = BigCurve.Number(points.Slice(at + (PointBytes / 2), PointBytes / 2));
            Assert.True(x < modulus && y < modulus && BigCurve.Mod((y * y) - (x * x * x) - constant, modulus).IsZero, "a point off its curve");
        }
    }

    private static byte[] MakePoints()
    {
        using MemoryStream points = new();
        DevSrs.InsecureSrs.WriteG1(points, Points, _ => { });
        return points.ToArray();
    }

    private static IEnumerable<byte[]> SettingSeeds()
    {
        yield return "reboot=k panic=-1 pci=off"u8.ToArray();
        yield return "init.port=5000 init.heartbeat=off  init.shutdown=refused\tinit.threads=0"u8.ToArray();
        EnclaveSettings defaults = new();
        foreach (Setting setting in SettingsTable.All)
        {
            string value = setting.Format(defaults) is { Length: > 0 } text ? text : new string('a', 64);
            yield return Encoding.UTF8.GetBytes($"init.{setting.Name}={value}");
        }
    }
}
