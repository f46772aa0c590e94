using Init.Attestation;
using Init.Client;
using Init.Init.Tests.Server;
using Init.Simulator.SoftwareNsm;
using Init.Testing;
using Init.Wire;

namespace Init.Init.Tests.EndToEnd;

/// <summary>What the client does by itself, against the enclave's server.</summary>
public sealed class EnclaveClientTests : IDisposable
{
    private static readonly EnclaveClientOptions Once = new() { RetryFor = TimeSpan.Zero };

    private readonly AttestedServer _enclave = new();
    private readonly byte[] _circuit = Requests.Bytecode(7);
    private readonly byte[] _witness = [4, 5, 6];

    public void Dispose() => _enclave.Dispose();

    [Fact]
    public async Task It_attests_then_proves_verifies_and_computes_keys_sealed()
    {
        using EnclaveClient client = _enclave.Connect(Once);
        AttestedEnclave attested = await client.AttestAsync(_enclave.Policy);
        Assert.Equal(("test", "0", "fake"), (attested.Statement.Server, attested.Statement.ProverVersion, attested.Statement.SrsKind));
        Assert.Equal(AttestationTrust.ConfiguredRoot, attested.Report.Trust);
        ProveReply proof = await client.ProveAsync(_circuit, _witness);
        Assert.Equal(_witness, proof.Proof.ToArray());
        Assert.True((await client.VerifyAsync(Requests.Verify(1))).Valid);
        Assert.Equal(proof.Key.ToArray(), (await client.ComputeKeyAsync(_circuit, new ProveSettings())).Key.ToArray());
        Assert.Equal(3 << 20, (await client.EchoAsync(new byte[3 << 20])).Data.Length);
    }

    [Fact]
    public async Task Without_a_policy_nothing_that_may_have_secrets_is_sent()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, TimeSpan.FromSeconds(20), Once);
        Func<Task>[] calls =
        [
            () => client.ProveAsync(_circuit, _witness), () => client.StoreCircuitAsync(_circuit),
            () => client.VerifyAsync(Requests.Verify(1)), () => client.ComputeKeyAsync(_circuit, new ProveSettings()),
        ];
        foreach (Func<Task> call in calls)
        {
            Assert.Equal(ClientError.NotAttested, (await Assert.ThrowsAsync<ClientException>(call)).Error);
        }

        Assert.Empty(parent.Seen);
        await client.HealthAsync();
    }

    [Fact]
    public async Task Insecure_sends_in_the_open()
    {
        using TestServer server = new();
        using EnclaveClient client = EnclaveClient.Open(AttestedServer.AddressOf(server.SocketPath), TimeSpan.FromSeconds(20), Once with { Insecure = true });
        Assert.Equal(_witness, (await client.ProveAsync(_circuit, _witness)).Proof.ToArray());
    }

    [Fact]
    public async Task A_policy_that_names_no_image_is_refused()
    {
        using EnclaveClient client = _enclave.Connect(Once);
        AttestationPolicy anybody = _enclave.Policy with { Pcrs = new Dictionary<int, IReadOnlyList<PcrValue>>() };
        ClientException failure = await Assert.ThrowsAsync<ClientException>(() => client.AttestAsync(anybody));
        Assert.Equal(ClientError.NotAttested, failure.Error);
        foreach (int index in (int[])[1, 2, 4]) // half of an image, the other half, the parent's own
        {
            AttestationPolicy part = anybody with { Pcrs = new Dictionary<int, IReadOnlyList<PcrValue>> { [index] = [PcrValue.Parse(new string('0', 96))] } };
            Assert.Equal(ClientError.NotAttested, (await Assert.ThrowsAsync<ClientException>(() => client.AttestAsync(part))).Error);
        }
    }

    [Fact]
    public async Task Debug_mode_that_is_allowed_without_an_image_allows_nothing_else()
    {
        AttestationPolicy debug = _enclave.Policy with { AllowDebug = true, Pcrs = new Dictionary<int, IReadOnlyList<PcrValue>>() };
        using EnclaveClient client = _enclave.Connect(Once);
        Assert.Equal(ClientError.AttestationRefused, (await Assert.ThrowsAsync<ClientException>(() => client.AttestAsync(debug))).Error);

        using AttestedServer debugged = new(pcr0: new byte[48]);
        using EnclaveClient other = debugged.Connect(Once);
        Assert.True((await other.AttestAsync(debugged.Policy with { AllowDebug = true, Pcrs = debug.Pcrs })).Report.IsDebug);
    }

    [Fact]
    public async Task An_error_of_the_enclaves_own_is_told_from_one_that_anybody_can_have_made()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, TimeSpan.FromSeconds(20), Once);
        await client.AttestAsync(_enclave.Policy);
        VkRequest unknown = new(new CircuitSource.StoredCircuit(new byte[32]), new ProveSettings());
        ClientException own = await Assert.ThrowsAsync<ClientException>(() => client.ComputeKeyAsync(unknown));
        Assert.Equal((ClientError.Refused, ErrorCode.NotFound, true), (own.Error, own.Reply?.Code, own.IsAuthentic));

        parent.ToCaller = frame => [frame with { Kind = FrameKind.Error, Payload = ReplyCodec.Encode(ErrorReply.Of(ErrorCode.ProverFailed, "no")) }];
        ClientException forged = await Assert.ThrowsAsync<ClientException>(() => client.VerifyAsync(Requests.Verify(1)));
        Assert.Equal((ClientError.RefusedInTheOpen, ErrorCode.ProverFailed, false), (forged.Error, forged.Reply?.Code, forged.IsAuthentic));
    }

    [Fact]
    public async Task When_the_enclave_has_changed_its_key_it_attests_again_and_goes_on()
    {
        ManualTime time = new();
        using AttestedServer enclave = new(time: time);
        using EnclaveClient client = enclave.Connect();
        await client.AttestAsync(enclave.Policy);
        await client.ProveAsync(_circuit, _witness);
        time.Advance(TimeSpan.FromMinutes(75)); // a lifetime and an overlap later
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.ProveAsync(_circuit, _witness)));
        Assert.InRange(enclave.Server.Counters.Errors.GetValueOrDefault(ErrorCode.UnknownKey), 1, 8);
        Assert.Equal(9, enclave.Server.Prover.Proofs);
    }

    [Fact]
    public async Task Another_enclave_in_its_place_is_judged_by_the_same_policy()
    {
        string path = _enclave.Server.SocketPath;
        using EnclaveClient client = _enclave.Connect(new EnclaveClientOptions { RetryFor = TimeSpan.FromSeconds(20) });
        await client.AttestAsync(_enclave.Policy);
        await client.ProveAsync(_circuit, _witness);
        _enclave.Server.Dispose();
        using AttestedServer another = new(socketPath: path);
        ClientException failure = await Assert.ThrowsAsync<ClientException>(() => client.ProveAsync(_circuit, _witness));
        Assert.Equal(ClientError.AttestationRefused, failure.Error);
        Assert.Equal(0, another.Server.Prover.Proofs);
    }

    [Fact]
    public async Task A_restart_of_the_enclave_is_survived()
    {
        SoftwareNsmDevice module = AttestedServer.ModuleOf(_enclave.Pcr0);
        SoftwareNsmDevice same = AttestedServer.ModuleOf(_enclave.Pcr0);
        AttestedServer first = new(_enclave.Pcr0, module: module);
        string path = first.Server.SocketPath;
        using EnclaveClient client = first.Connect(new EnclaveClientOptions { RetryFor = TimeSpan.FromSeconds(20) });
        AttestationPolicy policy = AttestedServer.PolicyFor(module, _enclave.Pcr0);
        policy = policy with { Roots = [.. policy.Roots, .. AttestedServer.PolicyFor(same, _enclave.Pcr0).Roots] };
        await client.AttestAsync(policy);
        await client.ProveAsync(_circuit, _witness);
        first.Dispose();
        using AttestedServer second = new(_enclave.Pcr0, socketPath: path, module: same);
        Assert.Equal(_witness, (await client.ProveAsync(_circuit, _witness)).Proof.ToArray());
        Assert.Equal(1, second.Server.Prover.Proofs);
    }

    [Fact]
    public async Task A_circuit_is_sent_once_and_again_when_the_enclave_has_dropped_it()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, TimeSpan.FromSeconds(20), Once);
        await client.AttestAsync(_enclave.Policy);
        byte[] circuit = GzipBytes.Compress(System.Security.Cryptography.RandomNumberGenerator.GetBytes(50_000));
        await client.ProveAsync(circuit, _witness);
        long before = parent.Seen.Sum(p => p.Length);
        await client.ProveAsync(circuit, _witness);
        Assert.InRange(parent.Seen.Sum(p => p.Length) - before, 1, 2_000);
        for (int i = 0; i < 64; i++)
        {
            await client.StoreCircuitAsync(GzipBytes.Compress([(byte)i, 77]));
        }

        Assert.Equal(_witness, (await client.ProveAsync(circuit, _witness)).Proof.ToArray());
        Assert.Equal(1, _enclave.Server.Counters.Errors.GetValueOrDefault(ErrorCode.NotFound));
    }

    [Fact]
    public async Task It_comes_back_when_the_enclave_was_busy()
    {
        _enclave.Server.Prover.Holds = true;
        using EnclaveClient client = _enclave.Connect(new EnclaveClientOptions { RetryFor = TimeSpan.FromSeconds(60) });
        await client.AttestAsync(_enclave.Policy);
        Task<ProveReply>[] proofs = [.. Enumerable.Range(0, 12).Select(_ => client.ProveAsync(_circuit, _witness))]; // one at a time, eight wait
        TestServer.Until(() => _enclave.Server.Counters.Errors.GetValueOrDefault(ErrorCode.Busy) >= 3);
        _enclave.Server.Prover.Holds = false;
        _enclave.Server.Prover.Release();
        await Task.WhenAll(proofs).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Busy_is_told_when_it_shall_not_wait()
    {
        _enclave.Server.Prover.Holds = true;
        using EnclaveClient client = _enclave.Connect(Once);
        await client.AttestAsync(_enclave.Policy);
        await client.StoreCircuitAsync(_circuit);
        Task<ProveReply>[] proofs = [.. Enumerable.Range(0, 12).Select(_ => client.ProveAsync(Prove()))];
        Task first = await Task.WhenAny(proofs);
        Assert.Equal(ErrorCode.Busy, (await Assert.ThrowsAsync<ClientException>(() => first)).Reply!.Code);
    }

    [Fact]
    public async Task More_calls_than_a_connection_takes_open_another()
    {
        _enclave.Server.Prover.Holds = true;
        using EnclaveClient client = _enclave.Connect(Once with { MaxConnections = 2 });
        await client.AttestAsync(_enclave.Policy);
        for (int i = 0; i < 40; i++)
        {
            _ = client.ProveAsync(Prove()).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        _enclave.Server.Until(c => c.Connections == 2);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_frees_the_prover()
    {
        _enclave.Server.Prover.Holds = true;
        using EnclaveClient client = _enclave.Connect(Once);
        await client.AttestAsync(_enclave.Policy);
        using CancellationTokenSource cancellation = new();
        Task<ProveReply> proof = client.ProveAsync(_circuit, _witness, cancellation: cancellation.Token);
        TestServer.Until(() => _enclave.Server.Prover.Proving == 1);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => proof);
        TestServer.Until(() => _enclave.Server.Prover.Proving == 0);
    }

    private ProveRequest Prove() => new()
    {
        Circuit = new CircuitSource.InlineCircuit(_circuit),
        Witness = _witness,
        Settings = new ProveSettings(),
    };
}
