using System.Globalization;
using System.Xml.Linq;

namespace Init.Parent.Bench;

/// <summary>A report as one page of HTML that needs nothing else: no network, no script, both colour schemes. Well-formed as XML too.</summary>
internal static class BenchPage
{
    // "default-src 'none'": a browser would not fetch anything even if something here asked for it.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'";

    private const string Style = """
        :root { color-scheme: light dark; --ground: #fff; --ink: #1b1b1b; --quiet: #5c5c5c; --grid: #d9d9d9;
          --s0: #1f5fa8; --s1: #b35900; --s2: #1b7a4b; --s3: #7a3fa0; --s4: #b3261e; --s5: #00707a; --s6: #7d6608; --s7: #555; }
        @media (prefers-color-scheme: dark) { :root { --ground: #16181c; --ink: #ececec; --quiet: #a8a8a8; --grid: #3a3d44;
          --s0: #7db3f0; --s1: #f0a860; --s2: #6fd19f; --s3: #c79bea; --s4: #f2938c; --s5: #6cd0da; --s6: #d9c25a; --s7: #bbb; } }
        body { background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 0 0 .25rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } .wide { overflow-x: auto; }
        th, td { padding: .2rem .8rem .2rem 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--grid); }
        th:first-child, td:first-child { text-align: left; } .what th { font-weight: normal; color: var(--quiet); text-align: left; }
        .what td { text-align: left; white-space: normal; }
        figure { margin: 2rem 0 .5rem; } .plot { width: 100%; height: auto; display: block; }
        text { fill: var(--quiet); font: 12px system-ui, sans-serif; } .grid { stroke: var(--grid); stroke-width: 1; }
        .line { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
        .s0 { stroke: var(--s0); } .s1 { stroke: var(--s1); stroke-dasharray: 8 4; } .s2 { stroke: var(--s2); stroke-dasharray: 2 4; }
        .s3 { stroke: var(--s3); stroke-dasharray: 12 4 2 4; } .s4 { stroke: var(--s4); stroke-dasharray: 5 5; }
        .s5 { stroke: var(--s5); stroke-dasharray: 1 6; } .s6 { stroke: var(--s6); stroke-dasharray: 16 6; } .s7 { stroke: var(--s7); stroke-dasharray: 6 3 1 3; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: 0; padding: 0; }
        .legend svg { width: 36px; height: 10px; margin-right: .4rem; }
        @media print { details { display: none; } }

        """;

    /// <summary>Percentiles that are drawn, as nines: 0 is p0, 1 is p90, 2 is p99.</summary>
    private static readonly double[] Nines = [.. Enumerable.Range(0, 41).Select(i => i / 10.0)];

    public static string Create(BenchReport report)
    {
        string title = $"enclave bench: {report.Address}";
        XElement html = new(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                Meta("charset", "utf-8"),
                new XElement("meta", new XAttribute("http-equiv", "Content-Security-Policy"), new XAttribute("content", Policy)),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", title),
                new XElement("style", Style)),
            new XElement(
                "body",
                new XElement("main", new XElement("h1", title), What(report), Operations(report), Plots(report), Timeline(report))));
        return "<!DOCTYPE html>\n" + html + "\n";
    }

    private static XElement What(BenchReport report) => new(
        "table",
        new XAttribute("class", "what"),
        new XElement(
            "tbody",
            Row("load", report.LoadText + (report.IsInterrupted ? ", interrupted" : "")),
            Row("mix", string.Join(", ", report.Plan.Mix.Parts.Select(part => Text($"{part.Name} {part.Weight:0.###}")))),
            Row("latency", Text($"from {report.LatencyFrom}; percentiles are at most {report.Counts.All.Latency.RelativeError:P1} too long")),
            Row("timeout", Text($"{report.Plan.Timeout.TotalSeconds:0.###} s; who waited for nothing counts with that")),
            Row("server", $"{report.Server.Server} {report.Server.ServerVersion}, Barretenberg {report.Server.ProverVersion}, SRS {report.Server.SrsKind}, module {report.Server.ModuleId}"),
            Row("begun", report.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture))));

    private static XElement Operations(BenchReport report) => Table(
        ["operation", "answered", "errors", "per s", .. BenchReport.Percentiles.Select(p => p.Name), "max"],
        report.Rows.Select(row => (string[])
        [
            row.Name, Text($"{row.Counts.Answered}"), Text($"{row.Counts.ErrorCount}"), Text($"{report.PerSecond(row.Counts):F1}"),
            .. BenchReport.Percentiles.Select(p => BenchReport.Milliseconds(row.Counts.Latency.PercentileUs(p.Fraction))),
            BenchReport.Milliseconds(row.Counts.Latency.MaximumUs),
        ]));

    private static IEnumerable<XElement> Plots(BenchReport report)
    {
        yield return Percentiles(report).ToXml();
        yield return OverTime(report).ToXml();
        yield return Throughput(report).ToXml();
        if (report.Counts.All.ErrorCount == 0)
        {
            yield return new XElement("section", new XElement("h2", "Errors"), new XElement("p", "None."));
            yield break;
        }

        yield return Errors(report).ToXml();
        yield return Table(["error", "count"], report.Counts.All.Errors.Select(error => (string[])[error.Name, Text($"{error.Count}")]));
    }

    private static Plot Percentiles(BenchReport report)
    {
        PlotLine[] lines =
        [
            .. from row in report.Rows
               where row.Counts.Latency.Count > 0 && (row.Name != "all" || report.Plan.Mix.Parts.Count > 1 || row.Counts.ErrorCount > 0)
               select new PlotLine(row.Name, [.. Nines
                   .Where(nines => nines == 0 || Math.Pow(10, nines) <= row.Counts.Latency.Count)
                   .Select(nines => (nines, (double)row.Counts.Latency.PercentileUs(1 - Math.Pow(10, -nines))))]),
        ];
        return new Plot
        {
            Id = "percentiles",
            Title = "Latency by percentile",
            Description = Summary(report),
            XTitle = "percentile of requests",
            XTicks = [(0, "0"), (1, "90"), (2, "99"), (3, "99.9"), (4, "99.99")],
            Y = LatencyAxis(lines),
            Lines = lines,
        };
    }

    private static Plot OverTime(BenchReport report)
    {
        PlotLine[] lines =
        [
            OfSlots(report, "p50", slot => slot.Latency.PercentileUs(0.5), slot => slot.Latency.Count > 0),
            OfSlots(report, "p99", slot => slot.Latency.PercentileUs(0.99), slot => slot.Latency.Count > 0),
            OfSlots(report, "max", slot => slot.Latency.MaximumUs, slot => slot.Latency.Count > 0),
        ];
        return new Plot
        {
            Id = "latency",
            Title = "Latency over time",
            Description = Text($"Median, 99th percentile and maximum in pieces of {report.Counts.SlotLength.TotalSeconds:0.###} s, by when requests were {(report.Plan.Rate is null ? "sent" : "due")}."),
            XTitle = "seconds since the start",
            XTicks = Seconds(report),
            Y = LatencyAxis(lines),
            Lines = [.. lines.Where(line => line.Points.Count > 0)],
        };
    }

    private static Plot Throughput(BenchReport report)
    {
        double slot = report.Counts.SlotLength.TotalSeconds;
        PlotLine answered = OfSlots(report, "answered", counts => counts.Answered / slot, _ => true);
        PlotLine[] lines = report.Plan.Rate is { } rate
            ? [answered, new PlotLine("due", [(0, rate), (report.Sent.TotalSeconds, rate)])]
            : [answered];
        return new Plot
        {
            Id = "throughput",
            Title = "Throughput over time",
            Description = Text($"Answers a second; {report.PerSecond(report.Counts.All):F1} on average."),
            XTitle = "seconds since the start",
            XTicks = Seconds(report),
            Y = PlotAxis.Linear(lines.SelectMany(line => line.Points).Max(point => point.Y), value => Text($"{value:0.###}/s")),
            Lines = lines,
        };
    }

    private static Plot Errors(BenchReport report)
    {
        PlotLine[] lines =
        [
            .. report.Counts.All.Errors.Select(error => OfSlots(
                report, error.Name, slot => slot.Errors.FirstOrDefault(other => other.Name == error.Name).Count, _ => true)),
        ];
        return new Plot
        {
            Id = "errors",
            Title = "Errors over time",
            Description = string.Join(", ", report.Counts.All.Errors.Select(error => Text($"{error.Name} {error.Count}"))),
            XTitle = "seconds since the start",
            XTicks = Seconds(report),
            Y = PlotAxis.Linear(lines.SelectMany(line => line.Points).Max(point => point.Y), value => Text($"{value:0.###}")),
            Lines = lines,
        };
    }

    private static XElement Timeline(BenchReport report) => new(
        "details",
        new XElement("summary", "The numbers over time"),
        Table(
            ["seconds", "answered", "errors", "p50", "p99", "max"],
            report.Timeline.Select((slot, index) => (string[])
            [
                Text($"{index * report.Counts.SlotLength.TotalSeconds:0.0##}"), Text($"{slot.Answered}"), Text($"{slot.ErrorCount}"),
                .. new[] { slot.Latency.PercentileUs(0.5), slot.Latency.PercentileUs(0.99), slot.Latency.MaximumUs }
                    .Select(us => slot.Latency.Count == 0 ? "-" : BenchReport.Milliseconds(us)),
            ])));

    private static PlotLine OfSlots(BenchReport report, string name, Func<OperationCounts, double> value, Func<OperationCounts, bool> has) => new(
        name,
        [.. report.Timeline.Select((slot, index) => (slot, index)).Where(item => has(item.slot))
            .Select(item => ((item.index + 0.5) * report.Counts.SlotLength.TotalSeconds, value(item.slot)))]);

    private static (double At, string Label)[] Seconds(BenchReport report)
    {
        PlotAxis axis = PlotAxis.Linear(Math.Max(report.Sent.TotalSeconds, report.Timeline.Count * report.Counts.SlotLength.TotalSeconds), value => Text($"{value:0.##}"));
        return [.. axis.Ticks.Select(tick => (tick, axis.Label(tick)))];
    }

    private static PlotAxis LatencyAxis(PlotLine[] lines)
    {
        double[] values = [.. lines.SelectMany(line => line.Points).Select(point => point.Y)];
        return PlotAxis.Logarithmic(values.DefaultIfEmpty(1).Min(), values.DefaultIfEmpty(1).Max(), Duration);
    }

    private static string Duration(double us) => us switch
    {
        < 1000 => Text($"{us:0} µs"),
        < 1_000_000 => Text($"{us / 1000:0} ms"),
        _ => Text($"{us / 1_000_000:0} s"),
    };

    private static string Summary(BenchReport report) => string.Join(
        "; ",
        report.Rows.Where(row => row.Counts.Latency.Count > 0).Select(row =>
            $"{row.Name}: {string.Join(", ", BenchReport.Percentiles.Select(p => $"{p.Name} {BenchReport.Milliseconds(row.Counts.Latency.PercentileUs(p.Fraction))}"))}"));

    private static XElement Table(string[] head, IEnumerable<string[]> rows) => new(
        "div",
        new XAttribute("class", "wide"),
        new XElement(
            "table",
            new XElement("thead", new XElement("tr", head.Select(cell => new XElement("th", new XAttribute("scope", "col"), cell)))),
            new XElement("tbody", rows.Select(row => new XElement("tr", row.Select(cell => new XElement("td", cell)))))));

    private static XElement Row(string name, string value) =>
        new("tr", new XElement("th", new XAttribute("scope", "row"), name), new XElement("td", Output.Printable(value)));

    private static XElement Meta(string name, string value) => new("meta", new XAttribute(name, value));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
