using System.Globalization;
using System.Security.Cryptography;
using Init.Client;
using Init.Init.Tests.Server;
using Init.Linux;
using Init.Prover;
using Init.SystemTests;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Campaign.Tests;

/// <summary>The production image in as little memory as a parent may give: four times the image, and 128 MiB.</summary>
public sealed class PressureTests
{
    private const int Uploads = 16, UploadBytes = 30 << 20;
    private const int Crowd = 300, StoredCircuits = 40, StoredBytes = 3 << 20, TooManyBytes = 8 << 20;
    private const int CircuitBombBytes = 250 << 20, WitnessBombBytes = 500 << 20;

    private static readonly int[] PublicInputBytes = [30 << 20, 4 << 20, 1 << 20, 1 << 18];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private static readonly string[] Refusals = [nameof(ErrorCode.Busy), nameof(ErrorCode.TooLarge), nameof(ErrorCode.ProverFailed)];

    private static readonly Dictionary<string, Func<BootedEnclave, Task<string[]>>> Pressures = new()
    {
        ["messages"] = UploadAsync,
        ["circuits"] = StoreAsync,
        ["bombs"] = UnpackAsync,
        ["public inputs"] = VerifyAsync,
        ["crowd"] = CrowdAsync,
        ["everything"] = async enclave =>
            [.. (await Task.WhenAll(UploadAsync(enclave), StoreAsync(enclave), UnpackAsync(enclave), VerifyAsync(enclave))).SelectMany(outcomes => outcomes)],
    };

    [GuestTheory]
    [InlineData("messages")]
    [InlineData("circuits")]
    [InlineData("bombs")]
    [InlineData("public inputs")]
    [InlineData("crowd")]
    [InlineData("everything")]
    public async Task At_its_smallest_memory_what_does_not_fit_is_refused_and_nothing_is_killed(string pressure)
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production, options => options with { MemoryMiB = null });
        using EnclaveClient watcher = enclave.Connect();
        HealthReply before = await watcher.HealthAsync();
        using CancellationTokenSource enough = new();
        Task<ulong> least = LeastAvailableAsync(watcher, enough.Token);
        string[] outcomes = await Pressures[pressure](enclave).WaitAsync(Patience);
        await enough.CancelAsync();
        string came = string.Join(", ", outcomes.CountBy(o => o).OrderBy(o => o.Key).Select(o => $"{o.Value} {o.Key}"));
        Assert.False(enclave.Machine.Exited.IsCompleted, came);
        ulong leastBytes = await least;
        Assert.Contains(outcomes, outcome => pressure == "crowd" || Refusals.Any(refusal => outcome.EndsWith(refusal, StringComparison.Ordinal)));

        ProveReply proof = await watcher.ProveAsync(ProductionImageTests.Tiny()).WaitAsync(Patience);
        Assert.True(NativeBb.Unmodified().Verifies(Places.Scratch("pressure"), proof.Key.Span, proof.Proof.Span, proof.PublicInputs.Span, ProofSettings.Default));
        HealthReply after = await watcher.HealthAsync();
        Assert.InRange(after.UptimeMs, before.UptimeMs, ulong.MaxValue);
        Assert.DoesNotContain(after.Requests.Errors, error => error.Code == ErrorCode.Internal);
        CampaignRecord.Load($"memory pressure: {pressure}", string.Create(
            CultureInfo.InvariantCulture,
            $"{enclave.Machine.MemoryMiB} MiB, {before.Memory.AvailableBytes >> 20} available at ready; {came}; {leastBytes >> 20} MiB available at the least, {after.Memory.AvailableBytes >> 20} at the end; then a proof that bb accepts"));
    }

    /// <summary>Messages that are never finished, held until their time is over.</summary>
    private static Task<string[]> UploadAsync(BootedEnclave enclave) => AtOnceAsync(Uploads, _ =>
    {
        using RawClient client = Raw(enclave);
        byte[] piece = new byte[1 << 19];
        for (int sent = 0; sent < UploadBytes; sent += piece.Length)
        {
            if (!client.TrySend(RawClient.Frame(1, more: true, piece)).IsDone)
            {
                return "uploaded: closed";
            }

            if (client.Socket.Poll(PollEvents.In, 0) != 0)
            {
                break; // refused
            }
        }

        return "uploaded: " + Answer(client);
    });

    /// <summary>More circuits than there is memory, of which the oldest go; then one that is larger than all may be.</summary>
    private static Task<string[]> StoreAsync(BootedEnclave enclave) => AtOnceAsync(2, _ =>
    {
        using RawClient client = Raw(enclave);
        for (ulong id = 1; id <= StoredCircuits / 2; id++)
        {
            client.TrySend(RawClient.Frames(id, new CircuitRequest(CircuitOf(StoredBytes))));
            if (Answer(client) == "closed")
            {
                return "stored: closed"; // a frame of it did not fit beside what others hold
            }
        }

        client.TrySend(RawClient.Frames(StoredCircuits, new CircuitRequest(CircuitOf(TooManyBytes))));
        return "stored: " + Answer(client);
    });

    /// <summary>Bytecode as far as the enclave looks at it: gzip's first bytes.</summary>
    private static byte[] CircuitOf(int bytes) => [0x1f, 0x8b, .. RandomNumberGenerator.GetBytes(bytes - 2)];

    private static Task<string[]> UnpackAsync(BootedEnclave enclave)
    {
        ProveRequest tiny = ProductionImageTests.Tiny();
        ProveRequest[] requests =
        [
            tiny with { Circuit = new CircuitSource.InlineCircuit(GzipBytes.Compress([3, .. Enumerable.Repeat((byte)0x91, CircuitBombBytes)])) },
            tiny with { Circuit = new CircuitSource.InlineCircuit(GzipBytes.Compress(new byte[CircuitBombBytes])) },
            tiny with { Witness = GzipBytes.Compress(new byte[WitnessBombBytes]) },
            tiny with { Circuit = new CircuitSource.InlineCircuit(Prover.Noir.NoirProgram.ExtractBytecode(File.ReadAllBytes(TestCircuit.Named("large").Program))) },
        ];
        return AtOnceAsync(requests.Length, i =>
        {
            using RawClient client = Raw(enclave);
            client.TrySend(RawClient.Frames(1, requests[i]));
            return "unpacked: " + Answer(client);
        });
    }

    /// <summary>Public inputs as long as a message may be.</summary>
    private static Task<string[]> VerifyAsync(BootedEnclave enclave) => AtOnceAsync(PublicInputBytes.Length, i =>
    {
        ProveReply proof;
        using (EnclaveClient prover = enclave.Connect())
        {
            proof = prover.ProveAsync(ProductionImageTests.Tiny()).GetAwaiter().GetResult();
        }

        using RawClient client = Raw(enclave);
        client.TrySend(RawClient.Frames(1, new VerifyRequest(proof.Key, proof.Proof, new byte[PublicInputBytes[i]], new ProveSettings())));
        return "verified: " + Answer(client);
    });

    /// <summary>Clients by the hundred that ask as long as the enclave takes it, and read nothing.</summary>
    private static async Task<string[]> CrowdAsync(BootedEnclave enclave)
    {
        byte[] requests = [.. Enumerable.Range(1, 4_000).SelectMany(id => RawClient.Frames((ulong)id, new HelloRequest(1, 1)))];
        RawClient[] crowd = new RawClient[Crowd];
        string[] outcomes = new string[Crowd];
        await Parallel.ForAsync(0, Crowd, new ParallelOptions { MaxDegreeOfParallelism = 32 }, (i, _) =>
        {
            crowd[i] = new RawClient(GuestSocket.Connect(enclave.Machine.SocketPath, Patience), TimeSpan.FromSeconds(0.3));
            outcomes[i] = $"crowd: {(crowd[i].TrySend(requests).IsDone ? "all taken" : "not all taken")}";
            return ValueTask.CompletedTask;
        });
        Array.ForEach(crowd, client => client.Dispose());
        return outcomes;
    }

    private static Task<string[]> AtOnceAsync(int count, Func<int, string> act) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Factory.StartNew(() => act(i), TaskCreationOptions.LongRunning)));

    private static async Task<ulong> LeastAvailableAsync(EnclaveClient watcher, CancellationToken enough)
    {
        ulong least = ulong.MaxValue;
        while (!enough.IsCancellationRequested)
        {
            least = Math.Min(least, (await watcher.HealthAsync(CancellationToken.None)).Memory.AvailableBytes);
            await Task.Delay(20, CancellationToken.None);
        }

        return least;
    }

    private static RawClient Raw(BootedEnclave enclave) => new(GuestSocket.Connect(enclave.Machine.SocketPath, Patience), Patience);

    private static string Answer(RawClient client) => client.TryRead() switch
    {
        { Kind: FrameKind.Error } told => told.Error.Code.ToString(),
        null => "closed",
        { } answer => answer.Kind.ToString(),
    };
}
