using Init.Client;
using Init.Wire;

namespace Init.Enclave.Bench;

/// <summary>What boots took, in milliseconds since QEMU's start.</summary>
/// <param name="FirstProcess">Until the first line of PID 1: the kernel, and unpacking the image.</param>
/// <param name="Heartbeat">Until the heartbeat reached the parent.</param>
/// <param name="Ready">Until it serves: the init in C as soon as it had the heartbeat's echo; the enclave says so.</param>
internal sealed record BootTimes(Series FirstProcess, Series Heartbeat, Series Ready);

/// <summary>Two images booted in turn.</summary>
/// <param name="RawEcho">The init in C.</param>
/// <param name="Enclave">The production image.</param>
/// <param name="HeartbeatLater">Ours minus its, pair by pair.</param>
/// <param name="ReadyLater">Ours minus its, pair by pair.</param>
/// <param name="CrsWaitMs">Of our time, how long boot waited for the reference string: the stages crs and prover.</param>
/// <param name="ReadyLaterWithoutCrs">The difference when that is set aside.</param>
/// <param name="Stages">The enclave's boot, stage by stage, as health tells them.</param>
/// <param name="ResidentMiB">The enclave's resident memory right after ready.</param>
/// <param name="UsedMiB">What is not available any more of the machine's memory.</param>
internal sealed record BootResult(
    BootTimes RawEcho, BootTimes Enclave, Series HeartbeatLater, Series ReadyLater, Series CrsWaitMs, Series ReadyLaterWithoutCrs,
    IReadOnlyDictionary<string, double> Stages, double ResidentMiB, double UsedMiB);

/// <summary>Boots the enclave and the init in C in turn.</summary>
internal static class BootRace
{
    private const double MiB = 1 << 20;

    public static async Task<BootResult> RunAsync(string enclaveImage, string rawEchoImage, int boots)
    {
        List<MeasuredBoot> ours = [], its = [];
        List<HealthReply> healths = [];
        for (int boot = 0; boot < boots; boot++)
        {
            if (boot % 2 == 0)
            {
                its.Add(await BootRawEchoAsync(rawEchoImage).ConfigureAwait(false));
            }

            (MeasuredBoot times, HealthReply health) = await BootEnclaveAsync(enclaveImage).ConfigureAwait(false);
            ours.Add(times);
            healths.Add(health);
            if (boot % 2 == 1)
            {
                its.Add(await BootRawEchoAsync(rawEchoImage).ConfigureAwait(false));
            }

            Progress.Say($"boot {boot + 1} of {boots}: heartbeat {ours[^1].Heartbeat.WallMs:F0} ms, ready {ours[^1].Ready.WallMs:F0} ms; in C {its[^1].Heartbeat.WallMs:F0} ms");
        }

        return Result(ours, its, healths);
    }

    private static BootResult Result(List<MeasuredBoot> ours, List<MeasuredBoot> its, List<HealthReply> healths)
    {
        double[] crs = [.. ours.Select(boot => boot.CrsWaitMs)];
        HealthReply last = healths[^1];
        return new BootResult(
            Times(its),
            Times(ours),
            Series.Of(ours.Zip(its, (a, b) => (a.Heartbeat - b.Heartbeat).WallMs)),
            Series.Of(ours.Zip(its, (a, b) => (a.Ready - b.Ready).WallMs)),
            Series.Of(crs),
            Series.Of(ours.Zip(its, (a, b) => (a.Ready - b.Ready).WallMs).Zip(crs, (later, load) => later - load)),
            last.Stages.ToDictionary(s => s.Name, s => Series.Of(healths.Select(h => (double)h.Stages.Single(x => x.Name == s.Name).DurationMs)).Median),
            Math.Round(healths.Max(h => h.Memory.RssBytes) / MiB, 1),
            Math.Round(healths.Max(h => h.Memory.LimitBytes - h.Memory.AvailableBytes) / MiB, 1));
    }

    private static BootTimes Times(List<MeasuredBoot> boots) => new(
        Series.Of(boots.Select(b => b.FirstProcess.WallMs)), Series.Of(boots.Select(b => b.Heartbeat.WallMs)), Series.Of(boots.Select(b => b.Ready.WallMs)));

    private static async Task<(MeasuredBoot Times, HealthReply Health)> BootEnclaveAsync(string image)
    {
        using Guest guest = Guest.Start(image);
        MeasuredBoot boot = await MeasuredBoot.OfEnclaveAsync(guest).ConfigureAwait(false);
        using EnclaveClient client = await guest.ConnectClientAsync().ConfigureAwait(false);
        return (boot, await client.HealthAsync().ConfigureAwait(false));
    }

    private static async Task<MeasuredBoot> BootRawEchoAsync(string image)
    {
        using Guest guest = Guest.Start(image);
        return await MeasuredBoot.OfRawEchoAsync(guest).ConfigureAwait(false);
    }
}
