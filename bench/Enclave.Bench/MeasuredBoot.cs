using System.Net.Sockets;

namespace Init.Enclave.Bench;

/// <summary>One boot.</summary>
/// <param name="FirstProcess">The first line of PID 1: the kernel, unpacking the image, and what the program does before it can speak.</param>
/// <param name="Heartbeat">The heartbeat reached the parent.</param>
/// <param name="Ready">It serves: the init in C as soon as it had the heartbeat's echo; the enclave says so.</param>
/// <param name="CrsWaitMs">Of that, how long nothing else went on: boot waited for the stages crs and prover, which load the reference string.</param>
internal sealed record MeasuredBoot(Moment FirstProcess, Moment Heartbeat, Moment Ready, double CrsWaitMs)
{
    private static readonly string[] CrsLines = ["[init] crs:", "[init] prover:"];

    private const string EnclavePrefix = "[init]";
    private const string EnclaveReady = "[init] ready";
    private const string RawEchoPrefix = "[raw-echo]";

    /// <summary>Of an enclave that was started just now; waits until it is ready.</summary>
    public static async Task<MeasuredBoot> OfEnclaveAsync(Guest guest)
    {
        Moment heartbeat = await guest.HeartbeatAsync().ConfigureAwait(false);
        Moment ready = await guest.LineAsync(EnclaveReady).ConfigureAwait(false);
        Moment first = await guest.LineAsync(EnclavePrefix).ConfigureAwait(false);
        return new MeasuredBoot(first, heartbeat, ready, CrsWaitMsOf(guest));
    }

    /// <summary>Of the init in C. Nothing comes between the heartbeat and accepting connections there.</summary>
    public static async Task<MeasuredBoot> OfRawEchoAsync(Guest guest)
    {
        Moment heartbeat = await guest.HeartbeatAsync().ConfigureAwait(false);
        Moment first = await guest.LineAsync(RawEchoPrefix).ConfigureAwait(false);
        using Socket connection = await guest.ConnectAsync().ConfigureAwait(false);
        return new MeasuredBoot(first, heartbeat, heartbeat, CrsWaitMs: 0);
    }

    // These stages run beside others and have their line when they are needed: what passes since the line before is waiting.
    private static double CrsWaitMsOf(Guest guest)
    {
        double waitedMs = 0, lineBeforeMs = 0;
        foreach ((string text, Moment when) in guest.Lines.Where(line => line.Text.StartsWith(EnclavePrefix, StringComparison.Ordinal)))
        {
            waitedMs += CrsLines.Any(line => text.StartsWith(line, StringComparison.Ordinal)) ? when.WallMs - lineBeforeMs : 0;
            lineBeforeMs = when.WallMs;
        }

        return waitedMs;
    }
}
