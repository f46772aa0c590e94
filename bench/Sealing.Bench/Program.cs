using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Init.Client;
using Init.Sealing.Bench;
using Init.Wire;

// usage: Init.Sealing.Bench CHECKOUT; writes bench/results/sealing.json and its section of bench/RESULTS.md there.
const int Rounds = 9;
const int UploadBytes = 100 << 20;
const int SmallBytes = 64;
const int SmallCalls = 200;

string root = args.Length == 1 ? args[0] : throw new ArgumentException("usage: Init.Sealing.Bench CHECKOUT");
byte[] upload = new byte[UploadBytes];
RandomNumberGenerator.Fill(upload);
ProveRequest unprovable = new()
{
    Circuit = new CircuitSource.StoredCircuit(new byte[WireLimits.CircuitDigestBytes]),
    Witness = upload,
    Settings = new ProveSettings(),
};
byte[] small = new byte[SmallBytes];

using Enclave enclave = new(root);
using EnclaveClient plain = enclave.ConnectPlain();
using EnclaveClient sealing = await enclave.ConnectSealedAsync();

// The two take turns; the first round warms up.
Pair uploads = new();
Pair calls = new();
for (int round = -1; round < Rounds; round++)
{
    Turn turn = new(
        await SecondsAsync(() => UploadAsync(plain)), await SecondsAsync(() => UploadAsync(sealing)));
    Turn callTurn = new(await SecondsAsync(() => CallAsync(plain)), await SecondsAsync(() => CallAsync(sealing)));
    Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"round {round + 1}/{Rounds}: plain {UploadBytes / turn.Plain / 1e6:F0} MB/s, sealed {UploadBytes / turn.Sealed / 1e6:F0} MB/s"));
    if (round >= 0)
    {
        uploads.Turns.Add(turn);
        calls.Turns.Add(callTurn);
    }
}

string processor = HostReading.CpuInfo("model name");
string load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
string json = JsonSerializer.Serialize(
    new Dictionary<string, object>
    {
        ["date"] = DateTimeOffset.UtcNow,
        ["cpu"] = processor,
        ["loadAverage"] = load,
        ["uploadBytes"] = UploadBytes,
        ["smallBytes"] = SmallBytes,
        ["uploadSeconds"] = uploads.Turns,
        ["smallCallSeconds"] = calls.Turns.Select(turn => new Turn(turn.Plain / SmallCalls, turn.Sealed / SmallCalls)),
        ["uploadRatio"] = uploads.ThroughputRatio,
    },
    Pair.Json);
File.WriteAllText(Path.Combine(root, "bench/results/sealing.json"), json + "\n");
MarkedSection marks = new("sealing");
marks.Replace(Path.Combine(root, "bench/RESULTS.md"), string.Create(CultureInfo.InvariantCulture, $"""
    {marks.Begin}
    ## Sealed requests, beside plain ones

    Made by `bench/Sealing.Bench` on {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC on {Environment.ProcessorCount} CPUs "{processor}", load average {load}. The enclave is an
    ordinary process (no emulated processor) behind a Unix socket; `EnclaveClient` takes turns with and without sealing, {Rounds} rounds, medians
    with (least to greatest). An upload is a witness of 100 MiB for a circuit that the
    enclave does not have: it takes all of it, opens it, and answers so; a call is an echo of {SmallBytes} bytes, which
    sealed costs either side a key agreement on P-384. The aim is at least 0.8 of the throughput of plain uploads. A sealed
    request is encoded piece by piece while it is sent, a plain one before: that is why sealed can be faster.

    | what | plain | sealed | sealed / plain |
    |---|--:|--:|--:|
    | upload of 100 MiB, MB/s | {uploads.Show(seconds => UploadBytes / seconds / 1e6, "F0")} | **{uploads.ThroughputRatio:F2}** |
    | call of {SmallBytes} bytes, ms | {calls.Show(seconds => seconds / SmallCalls * 1e3, "F2")} | {1 / calls.ThroughputRatio:F2} |

    sealed upload at {uploads.ThroughputRatio:F2} of the plain one

    {marks.End}

    """));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sealed upload at {uploads.ThroughputRatio:F2} of the plain one"));

// All of the witness is there, and open, before the enclave looks for the circuit.
async Task UploadAsync(EnclaveClient client)
{
    try
    {
        await client.ProveAsync(unprovable);
    }
    catch (ClientException exception) when (exception.Reply?.Code == ErrorCode.NotFound)
    {
        return;
    }

    throw new InvalidOperationException("the enclave has a circuit that hashes to zeros");
}

async Task CallAsync(EnclaveClient client)
{
    for (int i = 0; i < SmallCalls; i++)
    {
        await client.EchoAsync(small);
    }
}

static async Task<double> SecondsAsync(Func<Task> action)
{
    GC.Collect();
    Stopwatch watch = Stopwatch.StartNew();
    await action();
    return watch.Elapsed.TotalSeconds;
}
