using Init.Client;
using Init.Wire;

namespace Init.Enclave.Bench;

/// <summary>What guests do while nobody asks them anything, both at the same time.</summary>
/// <param name="Seconds">How long it was quiet.</param>
/// <param name="ContextSwitches">Of all threads of /init in that time, without those of the two questions that told them.</param>
/// <param name="EnclaveCpuMs">What QEMU used for the enclave: the guest's kernel and /init, and QEMU itself.</param>
/// <param name="RawEchoCpuMs">What QEMU used for the init in C.</param>
internal sealed record QuietResult(double Seconds, long ContextSwitches, double EnclaveCpuMs, double RawEchoCpuMs)
{
    private const int Questions = 5;

    // The thread pool's threads end after 20 s without work, and what watches them after that.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(40);

    public static async Task<QuietResult> MeasureAsync(Guest enclave, Guest rawEcho, TimeSpan quiet)
    {
        using EnclaveClient client = await enclave.ConnectClientAsync().ConfigureAwait(false);
        await Task.Delay(Rest).ConfigureAwait(false);
        List<long> questions = [];
        long last = await SwitchesAsync(client).ConfigureAwait(false);
        for (int question = 0; question < Questions; question++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200)).ConfigureAwait(false);
            long now = await SwitchesAsync(client).ConfigureAwait(false);
            questions.Add(now - last);
            last = now;
        }

        (TimeSpan ours, TimeSpan its) = (enclave.CpuTime(), rawEcho.CpuTime());
        await Task.Delay(quiet).ConfigureAwait(false);
        (TimeSpan oursLater, TimeSpan itsLater) = (enclave.CpuTime(), rawEcho.CpuTime());
        long switches = await SwitchesAsync(client).ConfigureAwait(false) - last - questions.Min();
        return new QuietResult(
            quiet.TotalSeconds, Math.Max(0, switches), (oursLater - ours).TotalMilliseconds, (itsLater - its).TotalMilliseconds);
    }

    private static async Task<long> SwitchesAsync(EnclaveClient client)
    {
        ContextSwitchHealth switches = (await client.HealthAsync().ConfigureAwait(false)).ContextSwitches;
        return (long)(switches.Voluntary + switches.Involuntary);
    }
}
