using System.Globalization;
using System.Text;

namespace Init.Enclave.Bench;

/// <summary>The section of RESULTS.md that this benchmark writes.</summary>
internal static class ResultsSection
{
    /// <summary>Where it stands.</summary>
    public static readonly MarkedSection Marks = new("enclave");

    public static string Of(BenchResult result)
    {
        StringBuilder text = new();
        AppendCircumstances(text, result.Circumstances);
        AppendSizes(text, result.Sizes);
        AppendBoot(text, result.Boot);
        AppendEcho(text, result);
        if (result.Quiet is { } quiet)
        {
            AppendQuiet(text, quiet);
        }

        return text.Append(Marks.End).Append('\n').ToString();
    }

    private static void AppendCircumstances(StringBuilder text, Circumstances circumstances)
    {
        string changes = circumstances.HasUncommittedChanges ? " with uncommitted changes" : "";
        text.Append(CultureInfo.InvariantCulture, $"""
            {Marks.Begin}
            ## The enclave, beside an init in C

            Made by `bench/Enclave.Bench` on {circumstances.Date:yyyy-MM-dd HH:mm} UTC in {circumstances.Seconds:F0} s, commit {circumstances.Commit}{changes}
            on {circumstances.Cpus} CPUs "{circumstances.Cpu}", Linux {circumstances.HostKernel}; {circumstances.Qemu}, machine nitro-enclave, TCG, 2 CPUs, 512 MiB,
            Linux {circumstances.EnclaveKernel}. Load average {circumstances.LoadAtStart:F2} at the start, {circumstances.LoadAtEnd:F2} at the end.

            The production image (the ceremony's first 1,025 points) and `tests/guest/raw_echo.c` as PID 1 on the same kernel and vsock back end
            take turns in one run. Cells are medians with (least to greatest). The processor is emulated: times say nothing about Nitro, ratios
            and differences say how much work is done.


            """);
    }

    private static void AppendSizes(StringBuilder text, Sizes sizes) => text.Append(CultureInfo.InvariantCulture, $"""
        ### Sizes

        | what | bytes | aim |
        |---|--:|--:|
        | image without reference string | {sizes.ImageWithoutCrs:N0} | 14,000,000 |
        | kernel | {sizes.Kernel:N0} | |
        | /init, not compressed | {sizes.Init:N0} | |


        """);

    private static void AppendBoot(StringBuilder text, BootResult boot)
    {
        string stages = string.Join(", ", boot.Stages.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key} {s.Value:F0}")));
        text.Append(CultureInfo.InvariantCulture, $"""
            ### Boot: milliseconds from QEMU's start

            | until | Init | in C | later | aim |
            |---|--:|--:|--:|--:|
            | PID 1's first line | {Whole(boot.Enclave.FirstProcess)} | {Whole(boot.RawEcho.FirstProcess)} | | |
            | heartbeat | {Whole(boot.Enclave.Heartbeat)} | {Whole(boot.RawEcho.Heartbeat)} | {Whole(boot.HeartbeatLater)} | |
            | ready | {Whole(boot.Enclave.Ready)} | {Whole(boot.RawEcho.Ready)} | {Whole(boot.ReadyLater)} | |
            | ready, the wait for crs and prover ({Whole(boot.CrsWaitMs)}) set aside | | | {Whole(boot.ReadyLaterWithoutCrs)} | 300 |

            Stages of the boot in ms, of which crs, keys and prover run beside others: {stages}. Memory at ready: {boot.ResidentMiB:F1} MiB resident in /init; {boot.UsedMiB:F1} MiB of
            the machine's are not available any more, the root file system with /init in it included. "Later" is ours less its, boot by boot.


            """);
    }

    private static void AppendEcho(StringBuilder text, BenchResult result)
    {
        text.Append("""
            ### Echo over vsock

            | what | in C | Init, frames | Init, src/Client | frames / C | src/Client / C | aim |
            |---|--:|--:|--:|--:|--:|--:|

            """);
        AppendRow(text, "MB/s each way, 1 MiB messages, four under way", result.ThroughputPipelined, "at least 0.9");
        AppendRow(text, "MB/s each way, 1 MiB messages, one at a time", result.ThroughputOneByOne, "");
        AppendRow(text, "round trip of 64 bytes in µs", result.RoundTripUs, "at most 1.5");
        text.Append("""

            "Frames" is a client that does as little as the one of the C program: what the enclave itself takes. "src/Client" is the library that
            programs on the parent use. Both are the protocol's `echo`: frames with checksums, CBOR, admission, handlers.


            """);
    }

    private static void AppendRow(StringBuilder text, string what, EchoResult echo, string aim) => text.Append(
        CultureInfo.InvariantCulture,
        $"| {what} | {Tenth(echo.RawEcho)} | {Tenth(echo.Frames)} | {Tenth(echo.Client)} | **{Ratio(echo.FramesRatio)}** | {Ratio(echo.ClientRatio)} | {aim} |\n");

    private static void AppendQuiet(StringBuilder text, QuietResult quiet) => text.Append(CultureInfo.InvariantCulture, $"""
        ### A quiet minute

        In {quiet.Seconds:F0} s without a request the threads of /init were switched to {quiet.ContextSwitches} times (`health` before and after, less what a
        `health` takes itself). QEMU used {quiet.EnclaveCpuMs:F0} ms of CPU for it, {quiet.RawEchoCpuMs:F0} ms for the init in C, which only sleeps.


        """);

    private static string Whole(Series series) => Spread(series, "F0");

    private static string Tenth(Series series) => Spread(series, "F1");

    private static string Ratio(Series series) => Spread(series, "F2");

    private static string Spread(Series series, string format) =>
        $"{Show(series.Median, format)} ({Show(series.Min, format)} to {Show(series.Max, format)})";

    private static string Show(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
