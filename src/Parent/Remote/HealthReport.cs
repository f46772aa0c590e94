using System.Globalization;
using System.Text.Json;
using Init.Wire;

namespace Init.Parent.Remote;

/// <summary>What <c>enclave health</c> prints.</summary>
internal static class HealthReport
{
    public static void Print(HelloReply hello, HealthReply health)
    {
        Line("server", $"{hello.Server} {hello.ServerVersion}, protocol {hello.Version}, module {hello.ModuleId}");
        Line("prover", $"Barretenberg {hello.ProverVersion}, SRS {hello.SrsKind}");
        Line("uptime", Seconds(health.UptimeMs));
        Line("boot", string.Join(", ", health.Stages.Select(stage => $"{stage.Name} {stage.DurationMs} ms")));
        Line("entropy", $"{health.Entropy.CreditedBytes} bytes from {health.Entropy.Source}, the kernel counts {health.Entropy.KernelBits} bits");
        Line("clock", Clock(health.Clock));
        Line("nsm", $"{health.Nsm.Calls} calls on {health.Nsm.Opens} handle, {Counts(health.Nsm.Errors)}, last {health.Nsm.LastLatencyUs} us{(health.Nsm.IsLost ? ", LOST" : "")}");
        Line("connections", $"{health.Connections.Open} open, {health.Connections.Accepted} accepted, {health.Connections.Refused} refused, evicted: {Counts(health.Connections.Evicted)}");
        Line("requests", $"{health.Requests.InFlight} in flight, {health.Requests.Done} done, {Counts(Named(health.Requests.Errors))}");
        Line("proofs", $"{health.Prover.Running} running, {health.Prover.Queued} queued, {health.Prover.Done} done, {Counts(health.Prover.Failed)}");
        Line("circuits", $"{health.Circuits.Circuits}, {Output.MiB((long)health.Circuits.Bytes)}");
        Line("memory", $"{Output.MiB((long)health.Memory.RssBytes)} resident, {Output.MiB((long)health.Memory.AvailableBytes)} of {Output.MiB((long)health.Memory.LimitBytes)} available");
        Line("memory for", $"messages {Output.MiB((long)health.Memory.MessageBytes)}, circuits {Output.MiB((long)health.Memory.CircuitBytes)}, proofs {Output.MiB((long)health.Memory.ProvingBytes)}");
        Line("process", $"{health.Descriptors} descriptors, {health.Threads} threads, {health.DroppedConsoleLines} console lines dropped");
    }

    public static void Write(Utf8JsonWriter writer, HelloReply hello, HealthReply health)
    {
        writer.WriteString("Server", hello.Server);
        writer.WriteString("ServerVersion", hello.ServerVersion);
        writer.WriteNumber("Protocol", hello.Version);
        writer.WriteString("ModuleId", hello.ModuleId);
        writer.WriteString("ProverVersion", hello.ProverVersion);
        writer.WriteString("SrsKind", hello.SrsKind);
        writer.WriteString("ConfigurationDigest", Convert.ToHexStringLower(hello.ConfigurationDigest.Span));
        writer.WriteBoolean("IsShutdownAllowed", hello.ShutdownAllowed);
        writer.WriteNumber("UptimeMs", health.UptimeMs);
        WriteStages(writer, health.Stages);
        WriteMachine(writer, health);
        WriteService(writer, health);
        writer.WriteNumber("Descriptors", health.Descriptors);
        writer.WriteNumber("Threads", health.Threads);
        writer.WriteNumber("DroppedConsoleLines", health.DroppedConsoleLines);
    }

    private static void WriteStages(Utf8JsonWriter writer, IReadOnlyList<StageHealth> stages)
    {
        writer.WriteStartArray("Stages");
        foreach (StageHealth stage in stages)
        {
            writer.WriteStartObject();
            writer.WriteString("Name", stage.Name);
            writer.WriteNumber("DurationMs", stage.DurationMs);
            writer.WriteString("Outcome", stage.Outcome.ToString().ToLowerInvariant());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteMachine(Utf8JsonWriter writer, HealthReply health)
    {
        writer.WriteStartObject("Entropy");
        writer.WriteString("Source", health.Entropy.Source);
        writer.WriteNumber("CreditedBytes", health.Entropy.CreditedBytes);
        writer.WriteNumber("KernelBits", health.Entropy.KernelBits);
        writer.WriteEndObject();

        writer.WriteStartObject("Clock");
        writer.WriteString("Source", health.Clock.Source);
        writer.WriteString("Clocksource", health.Clock.Clocksource);
        writer.WriteNumber("OffsetUs", health.Clock.OffsetUs);
        writer.WriteNumber("DriftPpb", health.Clock.DriftPpb);
        if (health.Clock.LastSyncAgeMs is { } ageMs)
        {
            writer.WriteNumber("LastSyncAgeMs", ageMs);
        }
        else
        {
            writer.WriteNull("LastSyncAgeMs");
        }

        writer.WriteNumber("Syncs", health.Clock.Syncs);
        writer.WriteNumber("Steps", health.Clock.Steps);
        writer.WriteNumber("RejectedSamples", health.Clock.RejectedSamples);
        writer.WriteEndObject();

        writer.WriteStartObject("Nsm");
        writer.WriteNumber("Calls", health.Nsm.Calls);
        writer.WriteNumber("Opens", health.Nsm.Opens);
        writer.WriteNumber("Queued", health.Nsm.Queued);
        writer.WriteNumber("LastLatencyUs", health.Nsm.LastLatencyUs);
        writer.WriteBoolean("IsLost", health.Nsm.IsLost);
        WriteCounts(writer, "Errors", health.Nsm.Errors);
        writer.WriteEndObject();

        writer.WriteStartObject("Memory");
        writer.WriteNumber("RssBytes", health.Memory.RssBytes);
        writer.WriteNumber("ManagedHeapBytes", health.Memory.ManagedHeapBytes);
        writer.WriteNumber("LimitBytes", health.Memory.LimitBytes);
        writer.WriteNumber("AvailableBytes", health.Memory.AvailableBytes);
        writer.WriteNumber("MessageBytes", health.Memory.MessageBytes);
        writer.WriteNumber("CircuitBytes", health.Memory.CircuitBytes);
        writer.WriteNumber("ProvingBytes", health.Memory.ProvingBytes);
        writer.WriteEndObject();
    }

    private static void WriteService(Utf8JsonWriter writer, HealthReply health)
    {
        writer.WriteStartObject("Connections");
        writer.WriteNumber("Open", health.Connections.Open);
        writer.WriteNumber("Accepted", health.Connections.Accepted);
        writer.WriteNumber("Refused", health.Connections.Refused);
        WriteCounts(writer, "Evicted", health.Connections.Evicted);
        writer.WriteEndObject();

        writer.WriteStartObject("Requests");
        writer.WriteNumber("InFlight", health.Requests.InFlight);
        writer.WriteNumber("Done", health.Requests.Done);
        writer.WriteNumber("BytesInFlight", health.Requests.BytesInFlight);
        WriteCounts(writer, "Errors", Named(health.Requests.Errors));
        writer.WriteEndObject();

        writer.WriteStartObject("Prover");
        writer.WriteNumber("Running", health.Prover.Running);
        writer.WriteNumber("Queued", health.Prover.Queued);
        writer.WriteNumber("Done", health.Prover.Done);
        writer.WriteNumber("InstancesOpened", health.Prover.InstancesOpened);
        writer.WriteNumber("PeakMemoryBytes", health.Prover.PeakMemoryBytes);
        WriteCounts(writer, "Failed", health.Prover.Failed);
        writer.WriteEndObject();

        writer.WriteStartObject("Circuits");
        writer.WriteNumber("Stored", health.Circuits.Circuits);
        writer.WriteNumber("Bytes", health.Circuits.Bytes);
        writer.WriteNumber("Evictions", health.Circuits.Evictions);
        writer.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter writer, string name, IReadOnlyList<NamedCount> counts)
    {
        writer.WriteStartObject(name);
        foreach (NamedCount count in counts)
        {
            writer.WriteNumber(count.Name, count.Count);
        }

        writer.WriteEndObject();
    }

    private static IReadOnlyList<NamedCount> Named(IReadOnlyList<ErrorCount> errors) =>
        [.. errors.Select(error => new NamedCount(error.Code.ToString(), error.Count))];

    // Whoever answers has written some of it.
    private static void Line(string name, string value) => Output.Line(name, Output.Printable(value));

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
