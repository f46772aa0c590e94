using System.Diagnostics;
using System.Security.Cryptography;
using Init.Client;
using Init.Nsm;
using Init.Prover;
using Init.Simulator.Qemu;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.SystemTests;

/// <summary>The production image, booted: what a client of it can count on.</summary>
public sealed class ProductionImageTests
{
    private const int Attestations = 1000;

    [FailureMode(6, "Ready before everything is there")]
    [FailureMode(33, "One NSM handle for ever")]
    [GuestFact]
    public async Task It_boots_to_ready_attests_and_proves()
    {
        using BootedEnclave enclave = BootedEnclave.Start(Images.Production);
        ConsoleLine ready = await enclave.Machine.Console!.WaitForLineAsync(
            line => line.StartsWith("[init] ready", StringComparison.Ordinal), BootedEnclave.BootTimeout);
        Assert.NotEmpty(ready.Text);
        await enclave.Machine.Heartbeat.WaitAsync(BootedEnclave.BootTimeout);
        using EnclaveClient client = enclave.Connect();

        HelloReply hello = await client.HelloAsync();
        Assert.Equal("ignition", hello.SrsKind);
        await AssertAttests(client, hello);
        await AssertProvesTiny(client);
        await AssertCountsOneHandle(client);
        Assert.Empty(LinesAfterReady(enclave));
    }

    [FailureMode(38, "Stop")]
    [GuestFact]
    public async Task A_shutdown_drains_and_ends_the_machine()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production);
        using EnclaveClient client = enclave.Connect();
        await client.ShutDownAsync();
        QemuExit exit = await enclave.WaitForExitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, exit.Code);
    }

    [FailureMode(1, "/dev is mounted already")]
    [GuestFact]
    public async Task As_the_child_of_another_init_it_is_the_same()
    {
        Image image = Images.WithFirstProcess("child", "first_init.c", "-DCHILD");
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(image);
        using EnclaveClient client = enclave.Connect();
        await AssertAttests(client, await client.HelloAsync(), image);
        HealthReply health = await client.HealthAsync();
        Assert.Contains(health.Stages, stage => stage.Outcome == StageOutcome.Skipped);
    }

    [FailureMode(1, "/dev is mounted already")]
    [GuestFact]
    public async Task As_nitro_cli_starts_it_from_a_Docker_image_it_is_the_same()
    {
        Image image = Images.AsNitroCliLaysItOut();
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(image);
        using EnclaveClient client = enclave.Connect();
        await AssertAttests(client, await client.HelloAsync(), image);
        await AssertProvesTiny(client);
        await client.ShutDownAsync();
        Assert.Equal(0, (await enclave.WaitForExitAsync(TimeSpan.FromSeconds(20))).Code);
    }

    [GuestFact]
    public async Task A_signed_image_attests_the_certificate_in_PCR8()
    {
        Image image = Images.Signed("signed");
        Assert.NotNull(image.Measurements.Pcr8);
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(image);
        using EnclaveClient client = enclave.Connect();
        await AssertAttests(client, await client.HelloAsync(), image);
    }

    [FailureMode(35, "The prover traps")]
    [GuestFact]
    public async Task A_failure_in_the_prover_ends_its_request_alone()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production);
        using EnclaveClient client = enclave.Connect();
        byte[] noise = new byte[64];
        Array.Fill(noise, (byte)0xFF);
        ProveRequest request = Tiny() with { Circuit = new CircuitSource.InlineCircuit(GzipBytes.Compress(noise)) };
        ClientException failure = await Assert.ThrowsAsync<ClientException>(() => client.ProveAsync(request));
        Assert.Equal(ErrorCode.ProverFailed, failure.Reply?.Code);
        await AssertProvesTiny(client);
        Assert.NotEmpty((await client.HealthAsync()).Prover.Failed);
    }

    [GuestFact]
    public async Task A_client_that_vanishes_frees_the_prover_within_a_second()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production);
        using EnclaveClient watcher = enclave.Connect();
        EnclaveClient vanishing = enclave.Connect();
        Task<ProveReply> proof = vanishing.ProveAsync(Tiny());
        while ((await watcher.HealthAsync()).Prover.Running == 0)
        {
            Assert.False(proof.IsCompleted);
        }

        vanishing.Dispose();
        long gone = Stopwatch.GetTimestamp();
        while ((await watcher.HealthAsync()).Prover.Running != 0)
        {
            Assert.InRange(Stopwatch.GetElapsedTime(gone), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }

        await Assert.ThrowsAsync<ClientException>(() => proof);
        await AssertProvesTiny(watcher);
    }

    [FailureMode(25, "Both directions saturated")]
    [FailureMode(26, "Large writes")]
    [GuestFact]
    public async Task A_hundred_mebibytes_go_both_ways_over_vsock_unchanged()
    {
        const int Pieces = 100, InFlight = 8;
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production);
        using EnclaveClient client = enclave.Connect();
        byte[] data = RandomNumberGenerator.GetBytes(1 << 20);
        List<Task<EchoReply>> calls = [];
        for (int piece = 0; piece < Pieces; piece++)
        {
            calls.Add(client.EchoAsync(data));
            if (calls.Count == InFlight)
            {
                Assert.Equal(data, (await calls[0]).Data.ToArray());
                calls.RemoveAt(0);
            }
        }

        Assert.All(await Task.WhenAll(calls), reply => Assert.Equal(data, reply.Data.ToArray()));
    }

    private static async Task AssertAttests(EnclaveClient client, HelloReply hello, Image? image = null)
    {
        byte[] nonce = RandomNumberGenerator.GetBytes(32), userData = RandomNumberGenerator.GetBytes(64);
        AttestReply reply = await client.FetchAttestationAsync(nonce, userData);
        AttestationDocument document = AttestationDocument.Parse(reply.Document);
        Assert.Equal(nonce, document.Nonce.ToArray());
        EnclaveStatement statement = EnclaveStatement.Decode(document.UserData);
        Assert.Equal(userData, statement.UserData.ToArray());
        Assert.Equal((hello.ServerVersion, hello.ProverVersion, hello.SrsKind), (statement.ServerVersion, statement.ProverVersion, statement.SrsKind));
        Assert.All((image ?? Images.Production).Measurements.Registers, register =>
            Assert.Equal(register.Value, Convert.ToHexStringLower(document.Pcrs[register.Index].Span)));

        byte[] extended = SHA384.HashData([.. new byte[48], .. hello.ConfigurationDigest.Span]);
        Assert.Equal(extended, document.Pcrs[16].ToArray()); // present, so locked: documents carry locked PCRs alone
        using ECDiffieHellman key = ECDiffieHellman.Create();
        key.ImportSubjectPublicKeyInfo(document.PublicKey.Span, out _);
        Assert.Equal(384, key.KeySize);
    }

    internal static ProveRequest Tiny()
    {
        TestCircuit tiny = TestCircuit.Named("tiny");
        return new ProveRequest
        {
            Circuit = new CircuitSource.InlineCircuit(Prover.Noir.NoirProgram.ExtractBytecode(File.ReadAllBytes(tiny.Program))),
            Witness = tiny.Witness,
            Settings = new ProveSettings(),
        };
    }

    private static async Task AssertProvesTiny(EnclaveClient client)
    {
        ProveReply reply = await client.ProveAsync(Tiny());
        Assert.True(NativeBb.Unmodified().Verifies(
            Places.Scratch("system-tiny"), reply.Key.Span, reply.Proof.Span, reply.PublicInputs.Span, ProofSettings.Default));
    }

    private static async Task AssertCountsOneHandle(EnclaveClient client)
    {
        for (int i = 0; i < Attestations; i++)
        {
            await client.FetchAttestationAsync(BitConverter.GetBytes(i), default);
        }

        HealthReply health = await client.HealthAsync();
        Assert.Equal(1u, health.Nsm.Opens);
        Assert.InRange(health.Nsm.Calls, (ulong)Attestations, ulong.MaxValue);
        Assert.Empty(health.Nsm.Errors);
        Assert.Equal("nsm-hwrng", health.Entropy.Source);
    }

    private static IEnumerable<ConsoleLine> LinesAfterReady(BootedEnclave enclave) =>
        enclave.Machine.Console!.Lines.SkipWhile(line => !line.Text.StartsWith("[init] ready", StringComparison.Ordinal)).Skip(1);
}
