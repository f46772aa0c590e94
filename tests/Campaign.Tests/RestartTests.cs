using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Init.Attestation;
using Init.Client;
using Init.Init.Tests.EndToEnd;
using Init.Init.Tests.InitProcess;
using Init.Prover;
using Init.Prover.Noir;
using Init.Simulator.SoftwareNsm;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Campaign.Tests;

/// <summary>An enclave that is killed, and another in its place: the same image, another key.</summary>
public sealed class RestartTests
{
    private const int Restarts = 3, Callers = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>SIGKILL in the middle of calls, several times: each call has its right answer, from an enclave that has attested.</summary>
    [ProcessFact]
    public async Task Calls_that_a_kill_interrupts_are_answered_by_the_next_enclave_once_it_has_attested()
    {
        byte[] pcr0 = RandomNumberGenerator.GetBytes(48);
        SoftwareNsmDevice[] modules = [.. Enumerable.Range(0, Restarts + 1).Select(_ => AttestedServer.ModuleOf(pcr0))];
        AttestationPolicy policy = AttestedServer.PolicyFor(modules[0], pcr0) with { Roots = [.. modules.SelectMany(module => AttestedServer.PolicyFor(module, pcr0).Roots)] };
        string socket = Path.Combine(Places.Scratch("restart"), "s");
        using Succession enclaves = new(socket);
        BootedProcess enclave = enclaves.Boot(modules[0]);
        enclave.Connect().Dispose();
        using EnclaveClient client = EnclaveClient.Open(enclave.Address, Patience, new EnclaveClientOptions { RetryFor = Patience });
        HashSet<string> keys = [Convert.ToHexString((await client.AttestAsync(policy)).KeyId.Span)];
        using CancellationTokenSource enough = new();
        Task<int>[] callers = [.. Enumerable.Range(0, Callers).Select(seed => CallAsync(client, new Random(seed), enough.Token))];
        List<double> outages = [];
        for (int restart = 1; restart <= Restarts; restart++)
        {
            await Task.Delay(1_000);
            enclave.Kill();
            Stopwatch watch = Stopwatch.StartNew();
            enclave = enclaves.Boot(modules[restart]);
            ProveReply proof = await client.ProveAsync(Bytecode, Tiny.Witness);
            outages.Add(watch.Elapsed.TotalSeconds);
            Assert.True(NativeBb.Unmodified().Verifies(Places.Scratch("restart-bb"), proof.Key.Span, proof.Proof.Span, proof.PublicInputs.Span, ProofSettings.Default));
            keys.Add(Convert.ToHexString(client.Attested!.KeyId.Span));
        }

        await enough.CancelAsync();
        int[] answered = await Task.WhenAll(callers).WaitAsync(Patience);
        Assert.Equal(Restarts + 1, keys.Count);
        Assert.All(answered, count => Assert.InRange(count, 1, int.MaxValue));
        CampaignRecord.Load("kill and restart of the process", string.Create(
            CultureInfo.InvariantCulture,
            $"{Restarts} times SIGKILL under {Callers} callers: {answered.Sum()} sealed calls, all answered right; {keys.Count} keys attested; a proof {outages.Max():F1} s after a kill at the latest"));
    }

    /// <summary>What must not be done twice is not tried again.</summary>
    [ProcessFact]
    public async Task A_shutdown_that_a_kill_interrupts_does_not_end_the_next_enclave()
    {
        string socket = Path.Combine(Places.Scratch("restart-shutdown"), "s");
        using Succession enclaves = new(socket);
        BootedProcess first = enclaves.Boot(module: null);
        first.Connect().Dispose();
        using EnclaveClient client = EnclaveClient.Open(first.Address, Patience, new EnclaveClientOptions { Insecure = true, RetryFor = TimeSpan.FromSeconds(5) });
        await client.HealthAsync();
        BootedProcess.Signal(first.FindId(isFirst: false), "STOP"); // the request lies in the socket, unread
        Task<ShutdownReply> shutdown = client.ShutDownAsync();
        await Task.Delay(200);
        first.Kill();
        BootedProcess second = enclaves.Boot(module: null);
        Assert.Equal(ClientError.ConnectionLost, (await Assert.ThrowsAsync<ClientException>(() => shutdown)).Error);
        Assert.Equal(1ul, (await client.HealthAsync()).Connections.Open);
        Assert.False(second.HasExited);
    }

    private static TestCircuit Tiny => TestCircuit.Named("tiny");

    private static ReadOnlyMemory<byte> Bytecode => NoirProgram.ExtractBytecode(File.ReadAllBytes(Tiny.Program));

    private static async Task<int> CallAsync(EnclaveClient client, Random random, CancellationToken enough)
    {
        int answered = 0;
        for (; !enough.IsCancellationRequested; answered++)
        {
            byte[] data = new byte[random.Next(1, 100_000)];
            random.NextBytes(data);
            Assert.Equal(data, (await client.EchoAsync(data, CancellationToken.None)).Data.ToArray());
        }

        return answered;
    }

    /// <summary>Enclaves one after the other at one socket; none outlives its test.</summary>
    private sealed class Succession(string socket) : IDisposable
    {
        private readonly List<BootedProcess> _enclaves = [];

        public BootedProcess Boot(SoftwareNsmDevice? module)
        {
            _enclaves.Add(new BootedProcess(new ProcessPlan { Module = module, Listen = socket }));
            return _enclaves[^1];
        }

        public void Dispose() => _enclaves.ForEach(enclave => enclave.Dispose());
    }
}
