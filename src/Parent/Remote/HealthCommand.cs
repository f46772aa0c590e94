using System.CommandLine;
using System.Globalization;
using Init.Client;
using Init.Wire;

namespace Init.Parent.Remote;

/// <summary><c>enclave health</c>: how an enclave is.</summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        Command command = new("health", "Shows how an enclave is: boot, entropy, clock, NSM, connections, prover, memory.");
        EnclaveArguments enclave = new();
        enclave.AddTo(command);
        command.SetAction((parsed, cancellation) => Output.RunAsync(async () =>
        {
            using EnclaveClient client = enclave.Open(parsed);
            HelloReply hello = await client.HelloAsync(cancellation);
            HealthReply health = await client.HealthAsync(cancellation);
            Output.Line("server", $"{hello.Server} {hello.ServerVersion}, protocol {hello.Version}, module {hello.ModuleId}");
            Output.Line("prover", $"Barretenberg {hello.ProverVersion}, SRS {hello.SrsKind}");
            Print(health);
            return Output.Success;
        }));
        return command;
    }

    private static void Print(HealthReply health)
    {
        Output.Line("uptime", Seconds(health.UptimeMs));
        Output.Line("boot", string.Join(", ", health.Stages.Select(stage => $"{stage.Name} {stage.DurationMs} ms")));
        Output.Line("entropy", $"{health.Entropy.CreditedBytes} bytes from {health.Entropy.Source}, the kernel counts {health.Entropy.KernelBits} bits");
        Output.Line("clock", Clock(health.Clock));
        Output.Line("nsm", $"{health.Nsm.Calls} calls on {health.Nsm.Opens} handle, {Counts(health.Nsm.Errors)}, last {health.Nsm.LastLatencyUs} us{(health.Nsm.IsLost ? ", LOST" : "")}");
        Output.Line("connections", $"{health.Connections.Open} open, {health.Connections.Accepted} accepted, {health.Connections.Refused} refused, evicted: {Counts(health.Connections.Evicted)}");
        Output.Line("requests", $"{health.Requests.InFlight} in flight, {health.Requests.Done} done, {Counts([.. health.Requests.Errors.Select(e => new NamedCount(e.Code.ToString(), e.Count))])}");
        Output.Line("proofs", $"{health.Prover.Running} running, {health.Prover.Queued} queued, {health.Prover.Done} done, {Counts(health.Prover.Failed)}");
        Output.Line("circuits", $"{health.Circuits.Circuits}, {Output.MiB((long)health.Circuits.Bytes)}");
        Output.Line("memory", $"{Output.MiB((long)health.Memory.RssBytes)} resident, {Output.MiB((long)health.Memory.AvailableBytes)} of {Output.MiB((long)health.Memory.LimitBytes)} available");
        Output.Line("process", $"{health.Descriptors} descriptors, {health.Threads} threads, {health.DroppedConsoleLines} console lines dropped");
    }

    private static string Clock(ClockHealth clock)
    {
        string age = clock.LastSyncAgeMs is { } ageMs ? $"{Seconds(ageMs)} ago" : "never";
        string offset = string.Create(CultureInfo.InvariantCulture, $"{clock.OffsetUs / 1000.0:F3} ms");
        return $"{clock.Source} on {clock.Clocksource}, off by {offset}, synchronised {age}, {clock.Steps} steps, {clock.RejectedSamples} samples rejected";
    }

    private static string Seconds(ulong milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:F1} s");

    private static string Counts(IReadOnlyList<NamedCount> counts) =>
        counts.Count == 0 ? "no errors" : string.Join(", ", counts.Select(count => $"{count.Name} {count.Count}"));
}
