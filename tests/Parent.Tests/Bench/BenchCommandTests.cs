using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Xml.Linq;
using Init.Testing;

namespace Init.Parent.Tests.Bench;

/// <summary><c>enclave bench</c> from outside: against a running enclave, one that stalls, and peers that are none.</summary>
[Collection(nameof(SharedEnclave))]
public sealed class BenchCommandTests(RunningEnclave enclave)
{
    [CommandFact]
    public void A_mix_is_sent_at_its_rate_and_counted_by_operation()
    {
        JsonElement report = Bench(enclave.Address, 0, "--duration", "2", "--rate", "200", "--mix", "echo:64=0.6,hello=0.1,health=0.2,attest=0.1");
        JsonElement all = report.GetProperty("All");
        Assert.Equal(400, all.GetProperty("Answered").GetInt64());
        Assert.Empty(all.GetProperty("Errors").EnumerateObject());
        JsonElement[] operations = [.. report.GetProperty("Operations").EnumerateArray()];
        Assert.Equal(["echo:64", "hello", "health", "attest"], operations.Select(operation => operation.GetProperty("Name").GetString()));
        Assert.Equal(400, operations.Sum(operation => operation.GetProperty("Answered").GetInt64()));
        Assert.InRange(operations[0].GetProperty("Answered").GetInt64(), 180, 300);
        Assert.Equal(400, report.GetProperty("Timeline").EnumerateArray().Sum(slot => slot.GetProperty("Answered").GetInt64()));
        Assert.Equal("the intended time of sending", report.GetProperty("LatencyFrom").GetString());
        AssertOrdered(all.GetProperty("Latency"));
    }

    [CommandFact]
    public void Proofs_keys_and_verifications_need_a_trust_decision_and_their_files()
    {
        string folder = Places.Scratch($"{nameof(BenchCommandTests)}/proofs");
        TestCircuit tiny = TestCircuit.Named("tiny");
        Assert.Equal(0, Tool.Enclave(folder, "prove", "-a", enclave.Address, "--insecure", "-b", tiny.Program, "-w", tiny.WitnessPath, "-o", ".").Code);
        string[] files = ["-b", tiny.Program, "-w", tiny.WitnessPath, "-k", Path.Combine(folder, "vk"), "-p", Path.Combine(folder, "proof"), "-i", Path.Combine(folder, "public_inputs")];
        string[] load = ["--duration", "2", "--connections", "2", "--mix", "prove=1,vk=1,verify=2"];
        JsonElement report = Bench(
            enclave.Address, 0, [.. load, .. files, "--root", enclave.RootCertificate, "--pcr0", Convert.ToHexString(RunningEnclave.Pcr0)]);
        Assert.Equal("ConfiguredRoot", report.GetProperty("Trust").GetString());
        Assert.All(report.GetProperty("Operations").EnumerateArray(), operation => Assert.NotEqual(0, operation.GetProperty("Answered").GetInt64()));
        Assert.Empty(report.GetProperty("All").GetProperty("Errors").EnumerateObject());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("Rate").ValueKind);

        Assert.Equal("None", Bench(enclave.Address, 0, [.. load, .. files, "--insecure"]).GetProperty("Trust").GetString());
        Assert.Equal(3, Tool.Enclave(folder, ["bench", "-a", enclave.Address, .. load, .. files, "--root", enclave.RootCertificate, "--pcr0", new string('2', 96)]).Code);
        Wrong("which enclave? ", [.. load, .. files]);
        Wrong("this mix needs --witness", [.. load, "--insecure", "-b", tiny.Program]);
        Wrong("this mix needs --proof", "--mix", "verify", "--insecure");
        Wrong("--mix: 'shutdown' is not ", "--mix", "shutdown");
        Wrong("--rate: ", "--rate", "0");
        Wrong("--connections: ", "--connections", "0");
        Wrong("--duration: ", "--duration", "0");
        Wrong("--timeout: ", "--timeout", "NaN");

        void Wrong(string message, params string[] arguments)
        {
            (int code, string output, string error) = Tool.Enclave(folder, ["bench", "-a", enclave.Address, .. arguments]);
            Assert.Equal((2, ""), (code, output));
            Assert.Contains($"enclave: error: {message}", error, StringComparison.Ordinal);
        }
    }

    /// <summary>Coordinated omission: in a closed loop one request of each connection sees the stall, in an open loop all who would have come.</summary>
    [CommandFact]
    public async Task A_stall_is_in_the_percentiles_of_an_open_loop()
    {
        using RunningEnclave stalling = new();
        string[] load = ["--duration", "4", "--connections", "4"];
        Task<JsonElement> open = Task.Run(() => Bench(stalling.Address, 0, [.. load, "--rate", "200"]));
        await StallAsync(stalling);
        JsonElement latency = (await open).GetProperty("All").GetProperty("Latency");
        Assert.Equal(800, latency.GetProperty("Count").GetInt64());

        // A second of four: a quarter of the requests, that waited from nothing to a second.
        Assert.InRange(latency.GetProperty("P90Us").GetInt64(), 300_000, 1_500_000);
        Assert.InRange(latency.GetProperty("MaxUs").GetInt64(), 900_000, 3_000_000);

        Task<JsonElement> closed = Task.Run(() => Bench(stalling.Address, 0, load));
        await StallAsync(stalling);
        latency = (await closed).GetProperty("All").GetProperty("Latency");
        Assert.InRange(latency.GetProperty("P90Us").GetInt64(), 1, 100_000);
        Assert.InRange(latency.GetProperty("MaxUs").GetInt64(), 900_000, 3_000_000);
    }

    [CommandFact]
    public async Task An_enclave_that_stops_for_good_costs_the_timeout_and_what_was_never_sent_is_said()
    {
        using RunningEnclave stopping = new();
        Stopwatch watch = Stopwatch.StartNew();
        Task<JsonElement> load = Task.Run(() => Bench(stopping.Address, 0, "--duration", "3", "--connections", "2", "--rate", "100", "--timeout", "1"));
        await Task.Delay(1000);
        stopping.Signal("STOP");
        JsonElement all = (await load).GetProperty("All");
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(9));
        JsonElement errors = all.GetProperty("Errors");
        Assert.InRange(errors.GetProperty("Timeout").GetInt64(), 2, 20);
        Assert.InRange(errors.GetProperty("Unsent").GetInt64(), 100, 300);
        Assert.Equal(300, all.GetProperty("Answered").GetInt64() + errors.EnumerateObject().Sum(error => error.Value.GetInt64()));
        Assert.InRange(all.GetProperty("Latency").GetProperty("P90Us").GetInt64(), 1_000_000, 4_000_000);
    }

    [CommandFact]
    public async Task Many_connections_that_write_to_one_that_reads_nothing_cost_the_timeout_too()
    {
        using RunningEnclave stopping = new();
        Stopwatch watch = Stopwatch.StartNew();
        Task<JsonElement> load = Task.Run(() => Bench(stopping.Address, 0, "--duration", "3", "--connections", "100", "--mix", "echo:1000000", "--timeout", "1"));
        await Task.Delay(1500);
        stopping.Signal("STOP");
        JsonElement errors = (await load).GetProperty("All").GetProperty("Errors");
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(12));
        Assert.NotEqual(0, errors.GetProperty("Timeout").GetInt64());
    }

    [CommandFact]
    public void Ctrl_C_ends_it_at_once_with_130_and_what_was_measured()
    {
        string folder = Places.Scratch($"{nameof(BenchCommandTests)}/interrupted");
        using Process process = Tool.Start(folder, EnclaveFactAttribute.Binary, "bench", "-a", enclave.Address, "--duration", "600", "--html", "page.html", "--json");
        Thread.Sleep(1500); // another process: there is nothing to wait on
        Stopwatch watch = Stopwatch.StartNew();
        Tool.Interrupt(process);
        (int code, string output, string error) = Tool.Finish(process);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal((130, "enclave: error: interrupted\n"), (code, error));
        JsonElement report = CommandReference.AssertNames("enclave bench", output);
        Assert.True(report.GetProperty("IsInterrupted").GetBoolean());
        Assert.NotEqual(0, report.GetProperty("All").GetProperty("Answered").GetInt64());
        Assert.InRange(report.GetProperty("SentMs").GetInt64(), 100, 60_000);
        Assert.Equal(["page.html"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
    }

    /// <summary>Peers that are no enclave: each ends the command within its bound.</summary>
    [EnclaveFact]
    public void Whatever_the_peer_does_it_ends()
    {
        // Whether a connection that has ended was one of a peer that broke the protocol, the client may not know any more: 1 or 4.
        Peer("says nothing", [4], _ => { });
        Peer("hangs up", [4], connection => connection.Dispose());
        Peer("talks nonsense", [1, 4], connection => connection.Send(new byte[64]));
        Peer("never stops", [1, 4], connection =>
        {
            byte[] noise = new byte[65536];
            Random.Shared.NextBytes(noise);
            while (connection.Send(noise) > 0)
            {
            }
        });

        static void Peer(string what, int[] expected, Action<Socket> behave)
        {
            string folder = Places.Scratch("b-peer");
            using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "s")));
            listener.Listen();
            _ = Task.Run(() =>
            {
                List<Socket> kept = [];
                while (true)
                {
                    Socket connection = listener.Accept();
                    kept.Add(connection);
                    _ = Task.Run(() => behave(connection));
                }
            });
            Stopwatch watch = Stopwatch.StartNew();
            (int code, string output, string error) = Tool.Enclave(folder, "bench", "-a", "unix:s", "--duration", "1", "--timeout", "1");
            Assert.True(expected.Contains(code), $"{what}: {code} {error}");
            Assert.Equal("", output);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        }
    }

    [CommandFact]
    public void The_page_stands_alone_and_can_be_read_by_everybody()
    {
        string folder = Places.Scratch($"{nameof(BenchCommandTests)}/page");
        (int code, string output, string error) = Tool.Enclave(
            folder, "bench", "-a", enclave.Address, "--duration", "2", "--connections", "4", "--rate", "100", "--mix", "echo:64=3,health", "--html", "page.html");
        Assert.True(code == 0, error);
        Assert.Matches(@"(?m)^operation +answered +errors +per s +p50 +p90 +p99 +p99\.9 +max$", output);
        Assert.Matches(@"(?m)^all +200 +0 +100\.0( +[0-9.]+ ms){5}$", output);

        string text = File.ReadAllText(Path.Combine(folder, "page.html"));
        XElement page = XDocument.Parse(text).Root!;
        Assert.Equal("en", page.Attribute("lang")?.Value);
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "object");
        Assert.DoesNotContain(page.DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName is "src" or "href" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("://", text, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", text, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", text, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page.Descendants("meta").Attributes("content").Select(a => a.Value).First(), StringComparison.Ordinal);
        Assert.Contains("@media (prefers-color-scheme: dark)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("&", page.Descendants("style").Single().ToString(), StringComparison.Ordinal);

        XElement[] plots = [.. page.Descendants("svg").Where(svg => svg.Attribute("role")?.Value == "img")];
        Assert.Equal(["Latency by percentile", "Latency over time", "Throughput over time"], plots.Select(plot => plot.Element("title")!.Value));
        Assert.All(plots, plot =>
        {
            string[] labels = plot.Attribute("aria-labelledby")!.Value.Split(' ');
            Assert.Equal(labels, new[] { "title", "desc" }.Select(name => plot.Element(name)!.Attribute("id")!.Value));
            Assert.NotEmpty(plot.Element("desc")!.Value);
            Assert.All(Numbers(plot), number => Assert.InRange(number, -1, 800));
        });
        Assert.Contains(page.Descendants("h2"), heading => heading.Value == "Errors");
        Assert.Equal(page.Descendants().Attributes("id").Count(), page.Descendants().Attributes("id").Select(id => id.Value).Distinct().Count());
        Assert.Contains(page.Descendants("td"), cell => cell.Value == "echo:64");
    }

    [CommandFact]
    public async Task Errors_are_plotted_over_time()
    {
        using RunningEnclave stopping = new();
        string folder = Places.Scratch($"{nameof(BenchCommandTests)}/errors");
        Task<(int Code, string Output, string Error)> load = Task.Run(() => Tool.Enclave(
            folder, "bench", "-a", stopping.Address, "--duration", "2", "--connections", "2", "--rate", "50", "--timeout", "0.5", "--html", "page.html"));
        await Task.Delay(800);
        stopping.Signal("STOP");
        (int code, string output, string error) = await load;
        Assert.True(code == 0, error);
        Assert.Matches(@"(?m)^errors +all: Timeout \d+, Unsent \d+$", output);
        XElement page = XDocument.Parse(File.ReadAllText(Path.Combine(folder, "page.html"))).Root!;
        XElement plot = page.Descendants("svg").Single(svg => svg.Element("title")?.Value == "Errors over time");
        Assert.Equal(["Timeout", "Unsent"], plot.Elements("path").Where(path => path.Element("title") is not null).Select(path => path.Element("title")!.Value));
    }

    private static async Task StallAsync(RunningEnclave stalling)
    {
        await Task.Delay(1500);
        stalling.Signal("STOP");
        await Task.Delay(1000);
        stalling.Signal("CONT");
    }

    private static IEnumerable<double> Numbers(XElement plot) => plot.Elements("path").Attributes("d")
        .SelectMany(path => path.Value.Split(['M', 'L', 'H', 'V', 'h', ' '], StringSplitOptions.RemoveEmptyEntries))
        .Select(number => double.Parse(number, CultureInfo.InvariantCulture));

    private static void AssertOrdered(JsonElement latency)
    {
        long[] values = [.. new[] { "P50Us", "P90Us", "P99Us", "P999Us", "MaxUs" }.Select(name => latency.GetProperty(name).GetInt64())];
        Assert.Equal(values.Order(), values);
        Assert.NotEqual(0, values[0]);
    }

    private static JsonElement Bench(string address, int expected, params string[] arguments)
    {
        (int code, string output, string error) = Tool.Enclave("/", ["bench", "--address", address, .. arguments, "--json"]);
        Assert.True(code == expected, error);
        return CommandReference.AssertNames("enclave bench", output);
    }
}
