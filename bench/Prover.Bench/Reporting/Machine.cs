using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Init.Prover.Bench.Measuring;

namespace Init.Prover.Bench.Reporting;

/// <summary>Where, when and with what the numbers were made.</summary>
internal sealed record Machine
{
    private static readonly string[] FeaturesOfInterest = ["avx2", "bmi2", "adx", "avx512f", "avx512ifma", "avx512_vbmi2"];

    public required DateTimeOffset Date { get; init; }

    /// <summary>The checkout's commit, "unknown" without git.</summary>
    public required string Commit { get; init; }

    /// <summary>Whether tracked files differ from that commit.</summary>
    public required bool HasUncommittedChanges { get; init; }

    public required string Cpu { get; init; }

    public required IReadOnlyList<string> CpuFeatures { get; init; }

    public required int Cpus { get; init; }

    public required string Kernel { get; init; }

    /// <summary>Versions of what was compared and what it was built with.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>Processes that wanted to run, averaged over a minute; an idle machine has less than 0.1.</summary>
    public required double LoadAtStart { get; init; }

    /// <summary>At the end; the benchmark itself contributes its threads.</summary>
    public double LoadAtEnd { get; init; }

    /// <summary>By others, while it measured.</summary>
    public Disturbance? Disturbance { get; init; }

    public static Machine Read() => new()
    {
        LoadAtStart = HostReading.LoadAverage(),
        Date = DateTimeOffset.UtcNow,
        Commit = Git("rev-parse", "HEAD") ?? "unknown",
        HasUncommittedChanges = Git("status", "--porcelain", "--untracked-files=no") is not "",
        Cpu = HostReading.CpuInfo("model name"),
        CpuFeatures = [.. HostReading.CpuInfo("flags").Split(' ').Intersect(FeaturesOfInterest).Order(StringComparer.Ordinal)],
        Cpus = Environment.ProcessorCount,
        Kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Versions = ReadVersions(),
    };

    public Machine Ended(Disturbance disturbance) => this with { LoadAtEnd = HostReading.LoadAverage(), Disturbance = disturbance };

    private static string? Git(params string[] arguments)
    {
        try
        {
            return Checkout.Output(["git", .. arguments]);
        }
        catch (Exception e) when (e is BenchException or Win32Exception)
        {
            return null;
        }
    }

    private static Dictionary<string, string> ReadVersions()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "manifest.json")));
        JsonElement root = manifest.RootElement;
        return new Dictionary<string, string>
        {
            ["bb and bb.js"] = root.GetProperty("inputs").GetProperty("nativeBb").GetProperty("version").GetString()!,
            ["node"] = Checkout.Output("node", "--version"),
            [".NET"] = Environment.Version.ToString(),
            ["clang"] = root.GetProperty("tools").GetProperty("clang").GetString()!,
            ["library"] = root.GetProperty("outputs").GetProperty("libprover-dev-srs.a").GetProperty("sha256").GetString()![..16],
        };
    }
}
