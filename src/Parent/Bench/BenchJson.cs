using System.Text.Json;

namespace Init.Parent.Bench;

/// <summary>A report for programs. docs/command.md has the names.</summary>
internal static class BenchJson
{
    public static void Write(Utf8JsonWriter writer, BenchReport report)
    {
        writer.WriteString("Trust", report.Trust);
        writer.WriteString("Address", report.Address);
        writer.WriteString("Server", report.Server.Server);
        writer.WriteString("ServerVersion", report.Server.ServerVersion);
        writer.WriteString("SrsKind", report.Server.SrsKind);
        writer.WriteString("StartedAt", report.StartedAt.UtcDateTime);
        writer.WriteBoolean("IsInterrupted", report.IsInterrupted);
        writer.WriteString("Loop", report.Plan.Rate is null ? "closed" : "open");
        WriteNullable(writer, "Rate", report.Plan.Rate);
        writer.WriteNumber("Connections", report.Plan.Connections);
        writer.WriteNumber("SentMs", (long)report.Sent.TotalMilliseconds);
        writer.WriteNumber("TimeoutMs", (long)report.Plan.Timeout.TotalMilliseconds);
        writer.WriteString("LatencyFrom", report.LatencyFrom);
        writer.WriteNumber("LatencyError", report.Counts.All.Latency.RelativeError);
        writer.WriteStartObject("All");
        WriteCounts(writer, report, report.Counts.All);
        writer.WriteEndObject();
        writer.WriteStartArray("Operations");
        foreach ((string name, OperationCounts counts) in report.Rows.SkipLast(1))
        {
            writer.WriteStartObject();
            writer.WriteString("Name", name);
            WriteCounts(writer, report, counts);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteTimeline(writer, report);
    }

    private static void WriteCounts(Utf8JsonWriter writer, BenchReport report, OperationCounts counts)
    {
        writer.WriteNumber("Answered", counts.Answered);
        writer.WriteNumber("PerSecond", Math.Round(report.PerSecond(counts), 3));
        writer.WriteStartObject("Errors");
        foreach ((string name, long count) in counts.Errors)
        {
            writer.WriteNumber(name, count);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("Latency");
        writer.WriteNumber("Count", counts.Latency.Count);
        writer.WriteNumber("MeanUs", Math.Round(counts.Latency.MeanUs, 1));
        foreach ((_, string name, double fraction) in BenchReport.Percentiles)
        {
            writer.WriteNumber(name, counts.Latency.PercentileUs(fraction));
        }

        writer.WriteNumber("MaxUs", counts.Latency.MaximumUs);
        writer.WriteEndObject();
    }

    private static void WriteTimeline(Utf8JsonWriter writer, BenchReport report)
    {
        writer.WriteNumber("TimelineSlotMs", report.Counts.SlotLength.TotalMilliseconds);
        writer.WriteStartArray("Timeline");
        foreach (OperationCounts slot in report.Timeline)
        {
            writer.WriteStartObject();
            writer.WriteNumber("Answered", slot.Answered);
            writer.WriteNumber("Errors", slot.ErrorCount);
            writer.WriteNumber("P50Us", slot.Latency.PercentileUs(0.5));
            writer.WriteNumber("P99Us", slot.Latency.PercentileUs(0.99));
            writer.WriteNumber("MaxUs", slot.Latency.MaximumUs);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNullable(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
