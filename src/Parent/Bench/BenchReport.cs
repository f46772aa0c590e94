using System.Globalization;
using Init.Wire;

namespace Init.Parent.Bench;

/// <summary>What <c>enclave bench</c> found out.</summary>
internal sealed record BenchReport
{
    /// <summary>The percentiles that are shown.</summary>
    public static IReadOnlyList<(string Name, string JsonName, double Fraction)> Percentiles { get; } =
        [("p50", "P50Us", 0.5), ("p90", "P90Us", 0.9), ("p99", "P99Us", 0.99), ("p99.9", "P999Us", 0.999)];

    public required string Address { get; init; }

    public required HelloReply Server { get; init; }

    /// <summary>What trust in the answers rests on.</summary>
    public required string Trust { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required LoadPlan Plan { get; init; }

    public required LoadRecorder Counts { get; init; }

    /// <summary>How long requests were sent.</summary>
    public required TimeSpan Sent { get; init; }

    public required bool IsInterrupted { get; init; }

    public string LatencyFrom => Plan.Rate is null ? "sending" : "the intended time of sending";

    public string LoadText => Plan.Rate is { } rate
        ? string.Create(CultureInfo.InvariantCulture, $"open loop, {rate:0.###} requests/s due, {Plan.Connections} connections, {Sent.TotalSeconds:F1} s")
        : string.Create(CultureInfo.InvariantCulture, $"closed loop, {Plan.Connections} connections, {Sent.TotalSeconds:F1} s");

    /// <summary>Each operation, then all of them.</summary>
    public IEnumerable<(string Name, OperationCounts Counts)> Rows =>
        [.. Plan.Mix.Parts.Zip(Counts.Operations, (part, counts) => (part.Name, counts)), ("all", Counts.All)];

    /// <summary>The slots until the last in which something happened.</summary>
    public IReadOnlyList<OperationCounts> Timeline
    {
        get
        {
            int last = Counts.Slots.Count - 1;
            while (last > 0 && Counts.Slots[last] is { Answered: 0, ErrorCount: 0, Latency.Count: 0 })
            {
                last--;
            }

            return [.. Counts.Slots.Take(last + 1)];
        }
    }

    public double PerSecond(OperationCounts counts) => Sent > TimeSpan.Zero ? counts.Answered / Sent.TotalSeconds : 0;

    public string ToText()
    {
        using StringWriter text = new(CultureInfo.InvariantCulture);
        Line("server", $"{Output.Printable(Server.Server)} {Output.Printable(Server.ServerVersion)} at {Address}, SRS {Output.Printable(Server.SrsKind)}");
        Line("load", LoadText + (IsInterrupted ? ", INTERRUPTED" : ""));
        Line("latency", string.Create(CultureInfo.InvariantCulture, $"from {LatencyFrom}; at most {Counts.All.Latency.RelativeError:P1} too long"));
        text.WriteLine();
        text.WriteLine($"{"operation",-14}{"answered",10}{"errors",8}{"per s",10}{string.Concat(Percentiles.Select(p => $"{p.Name,11}"))}{"max",11}");
        foreach ((string name, OperationCounts counts) in Rows)
        {
            text.Write(FormattableString.Invariant($"{name,-14}{counts.Answered,10}{counts.ErrorCount,8}{PerSecond(counts),10:F1}"));
            text.WriteLine($"{string.Concat(Percentiles.Select(p => $"{Duration(counts, counts.Latency.PercentileUs(p.Fraction)),11}"))}{Duration(counts, counts.Latency.MaximumUs),11}");
        }

        foreach ((string name, OperationCounts counts) in Rows.Where(row => row.Counts.ErrorCount > 0))
        {
            text.WriteLine();
            text.Write($"{"errors",-14}{name}: {string.Join(", ", counts.Errors.Select(error => $"{error.Name} {error.Count}"))}");
        }

        if (Counts.All.ErrorCount > 0)
        {
            text.WriteLine();
        }

        return text.ToString();

        void Line(string name, string value) => text.WriteLine($"{name,-14}{value}");
    }

    public static string Milliseconds(double us) => (us / 1000) switch
    {
        < 1 and var ms => string.Create(CultureInfo.InvariantCulture, $"{ms:F3} ms"),
        < 100 and var ms => string.Create(CultureInfo.InvariantCulture, $"{ms:F2} ms"),
        var ms => string.Create(CultureInfo.InvariantCulture, $"{ms:F0} ms"),
    };

    private static string Duration(OperationCounts counts, long us) => counts.Latency.Count == 0 ? "-" : Milliseconds(us);
}
