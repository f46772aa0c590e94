using System.Globalization;
using System.Text.Json;

namespace Init.Enclave.Bench;

/// <summary>All numbers of a run, as bench/results/enclave.json has them.</summary>
internal sealed record BenchResult(
    Circumstances Circumstances, Sizes Sizes, BootResult Boot, EchoResult ThroughputPipelined, EchoResult ThroughputOneByOne, EchoResult RoundTripUs,
    QuietResult? Quiet)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";
}

/// <summary>Sizes in bytes.</summary>
/// <param name="ImageWithoutCrs">The EIF with kernel and program, no reference string.</param>
/// <param name="Kernel">The bzImage.</param>
/// <param name="Init">The program, as it is executed.</param>
internal sealed record Sizes(long ImageWithoutCrs, long Kernel, long Init)
{
    public static Sizes Read(string imageWithoutCrs) => new(Length(imageWithoutCrs), Length(Images.Kernel), Length(Images.Init));

    private static long Length(string path) => new FileInfo(path).Length;
}

/// <summary>Where, when and with what the numbers were made.</summary>
internal sealed record Circumstances
{
    public required DateTimeOffset Date { get; init; }

    /// <summary>The checkout's commit.</summary>
    public required string Commit { get; init; }

    /// <summary>Whether tracked files differ from that commit.</summary>
    public required bool HasUncommittedChanges { get; init; }

    public required string Cpu { get; init; }

    public required int Cpus { get; init; }

    public required string HostKernel { get; init; }

    public required string EnclaveKernel { get; init; }

    public required string Qemu { get; init; }

    /// <summary>Processes that wanted to run, averaged over a minute; an idle machine has less than 0.1.</summary>
    public required double LoadAtStart { get; init; }

    public double LoadAtEnd { get; init; }

    public double Seconds { get; init; }

    public static Circumstances Read() => new()
    {
        LoadAtStart = HostReading.LoadAverage(),
        Date = DateTimeOffset.UtcNow,
        Commit = Checkout.Output("git", "rev-parse", "HEAD"),
        HasUncommittedChanges = Checkout.Output("git", "status", "--porcelain", "--untracked-files=no").Length > 0,
        Cpu = HostReading.CpuInfo("model name"),
        Cpus = Environment.ProcessorCount,
        HostKernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        EnclaveKernel = ManifestOfKernel().GetProperty("kernelVersion").GetString()!,
        Qemu = Checkout.Output(Simulator.Qemu.QemuLocation.Find().Program, "--version").Split('\n')[0],
    };

    public Circumstances Ended() => this with { LoadAtEnd = HostReading.LoadAverage(), Seconds = Math.Round(Progress.Elapsed.TotalSeconds) };

    private static JsonElement ManifestOfKernel() =>
        JsonDocument.Parse(File.ReadAllText(Images.Below("out/kernel/manifest.json"))).RootElement;
}
