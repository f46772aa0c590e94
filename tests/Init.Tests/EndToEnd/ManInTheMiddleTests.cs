using System.Security.Cryptography;
using Init.Attestation;
using Init.Client;
using Init.Nsm;
using Init.Simulator.SoftwareNsm;
using Init.Testing;
using Init.Wire;

namespace Init.Init.Tests.EndToEnd;

/// <summary>The parent reads, changes, delays, repeats and swaps what it carries: it learns nothing of the witness, and no call succeeds wrongly.</summary>
public sealed class ManInTheMiddleTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly EnclaveClientOptions Once = new() { RetryFor = TimeSpan.Zero };

    private readonly AttestedServer _enclave = new();
    private readonly byte[] _circuit = GzipBytes.Compress(RandomNumberGenerator.GetBytes(3_000));
    private readonly byte[] _witness = RandomNumberGenerator.GetBytes(200_000);

    public void Dispose() => _enclave.Dispose();

    [Fact]
    public async Task He_reads_everything_and_learns_nothing()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once);
        await client.AttestAsync(_enclave.Policy);
        Stages stages = new();
        ProveReply reply = await client.ProveAsync(_circuit, _witness, progress: stages);

        Assert.Equal(_witness, reply.Proof.ToArray()); // what the prover of these tests makes of it, so it went both ways
        Assert.NotEmpty(stages.Seen);
        Assert.True(parent.Seen.Sum(payload => payload.Length) > 2 * _witness.Length);
        for (int i = 0; i + 8 <= _witness.Length; i += 61)
        {
            Assert.False(parent.HasSeen(_witness.AsSpan(i, 8)));
        }

        Assert.False(parent.HasSeen(_circuit.AsSpan(0, 16)));
    }

    [Fact]
    public async Task What_he_changes_fails_the_call_or_changes_nothing()
    {
        int failed = 0;
        for (int seed = 0; seed < 120; seed++)
        {
            Random random = new(seed);
            int countdown = random.Next(12);
            using HostileParent parent = new(_enclave.Server.SocketPath);
            IEnumerable<CarriedFrame> Change(CarriedFrame frame)
            {
                if (Interlocked.Decrement(ref countdown) == 0)
                {
                    frame.Payload[random.Next(frame.Payload.Length)] ^= (byte)(1 << random.Next(8));
                }

                return [frame];
            }

            parent.ToEnclave = parent.ToCaller = Change;
            using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once);
            try
            {
                await client.AttestAsync(_enclave.Policy);
                Assert.Equal(_witness, (await client.ProveAsync(_circuit, _witness)).Proof.ToArray());
                Assert.True((await client.VerifyAsync(Verify(1))).Valid);
                Assert.False((await client.VerifyAsync(Verify(0))).Valid);
            }
            catch (ClientException)
            {
                failed++;
            }
        }

        Assert.InRange(failed, 60, 120);
    }

    [Fact]
    public async Task What_he_delays_ends_by_its_deadline()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once);
        await client.AttestAsync(_enclave.Policy);
        parent.ToCaller = _ => [];
        ClientException failure = await Assert.ThrowsAsync<ClientException>(() => client.VerifyAsync(Verify(1) with { DeadlineMs = 100 }));
        Assert.Equal(ClientError.Deadline, failure.Error);
    }

    [Fact]
    public async Task Keys_that_he_says_are_unknown_keep_no_call_for_ever()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience);
        await client.AttestAsync(_enclave.Policy);
        parent.ToCaller = frame => [Unknown(frame)];
        for (int i = 0; i < 2; i++) // the second finds what the first has left
        {
            ClientException failure = await AssertFails(ClientError.Refused, () => client.VerifyAsync(Verify(1)).WaitAsync(Patience));
            Assert.Equal(ErrorCode.UnknownKey, failure.Reply?.Code);
        }
    }

    [Fact]
    public async Task An_attestation_that_he_holds_back_does_not_replace_a_later_one()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, new EnclaveClientOptions { MaxConnections = 1 });
        await client.AttestAsync(_enclave.Policy);
        CarriedFrame? held = null;
        int frames = 0;
        parent.ToCaller = frame =>
        {
            switch (frames++)
            {
                case 0:
                    return [Unknown(frame)];
                case 1:
                    held = frame;
                    return [];
                case 3:
                    return [held!, frame];
                default:
                    return [frame];
            }
        };
        Task<VerifyReply> call = client.VerifyAsync(Verify(1));
        Server.TestServer.Until(() => held is not null);
        AttestedEnclave later = await client.AttestAsync(_enclave.Policy);
        await client.HealthAsync();
        Assert.True((await call.WaitAsync(Patience)).Valid);
        Assert.Same(later, client.Attested);
    }

    [Fact]
    public async Task A_request_that_he_sends_again_is_done_once()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once);
        await client.AttestAsync(_enclave.Policy);
        List<CarriedFrame> recorded = [];
        parent.ToEnclave = frame =>
        {
            recorded.Add(frame);
            return [frame];
        };
        await client.ProveAsync(_circuit, _witness);
        long proofs = _enclave.Server.Prover.Proofs;
        using EnclaveClient other = EnclaveClient.Open(parent.Address, Patience, Once);
        parent.ToEnclave = frame => [.. recorded.Select(old => old with { Id = old.Id + 1000 }), frame];
        await other.HealthAsync();
        Server.TestServer.Until(() => _enclave.Server.Counters.Errors.GetValueOrDefault(ErrorCode.Replayed) == 2); // the circuit and the proof
        Assert.Equal(proofs, _enclave.Server.Prover.Proofs);
    }

    [Fact]
    public async Task An_answer_of_before_answers_nothing()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once);
        await client.AttestAsync(_enclave.Policy);
        CarriedFrame? before = null;
        parent.ToCaller = frame =>
        {
            before = frame;
            return [frame];
        };
        Assert.True((await client.VerifyAsync(Verify(1))).Valid);
        parent.ToCaller = frame => [before! with { Id = frame.Id }];
        await AssertFails(ClientError.NotAuthentic, () => client.VerifyAsync(Verify(0)));
    }

    [Fact]
    public async Task The_answers_of_two_requests_do_not_answer_each_other()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once);
        await client.AttestAsync(_enclave.Policy);
        List<CarriedFrame> waiting = [];
        parent.ToCaller = frame =>
        {
            waiting.Add(frame);
            return waiting.Count < 2 ? [] : [waiting[0] with { Id = waiting[1].Id }, waiting[1] with { Id = waiting[0].Id }];
        };
        Task<VerifyReply> right = client.VerifyAsync(Verify(1)), wrong = client.VerifyAsync(Verify(0));
        await AssertFails(ClientError.NotAuthentic, () => right);
        await AssertFails(ClientError.NotAuthentic, () => wrong);
    }

    [Fact]
    public async Task A_plain_answer_to_a_sealed_request_is_no_answer()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once);
        await client.AttestAsync(_enclave.Policy);
        parent.ToCaller = frame => [frame with { Payload = ReplyCodec.Encode(new VerifyReply(true)) }];
        await AssertFails(ClientError.Protocol, () => client.VerifyAsync(Verify(0)));
    }

    [Fact]
    public async Task A_document_of_another_enclave_of_the_same_image_does_not_answer_the_nonce()
    {
        SoftwareNsmDevice pki = AttestedServer.ModuleOf(_enclave.Pcr0);
        using AttestedServer meant = new(_enclave.Pcr0, module: pki);
        using AttestedServer another = new(_enclave.Pcr0, module: pki);
        using HostileParent parent = new(meant.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once);
        byte[] other = await FetchFromAsync(another);
        parent.ToCaller = frame => [frame with { Payload = ReplyCodec.Encode(new AttestReply(other)) }];
        ClientException failure = await AssertFails(ClientError.AttestationRefused, () => client.AttestAsync(meant.Policy));
        Assert.Equal(AttestationStep.Nonce, failure.Report!.Refusal!.Step);
        await AssertFails(ClientError.NotAttested, () => client.ProveAsync(_circuit, _witness));
    }

    [Fact]
    public async Task Between_two_enclaves_of_the_same_image_a_request_opens_where_it_was_sealed_to_and_nowhere_else()
    {
        SoftwareNsmDevice pki = AttestedServer.ModuleOf(_enclave.Pcr0);
        using AttestedServer first = new(_enclave.Pcr0, module: pki);
        using AttestedServer second = new(_enclave.Pcr0, module: pki);
        string target = first.Server.SocketPath;
        using HostileParent parent = new(_ => target);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once with { MaxConnections = 1 });
        await client.AttestAsync(first.Policy);
        target = second.Server.SocketPath;
        using EnclaveClient other = EnclaveClient.Open(parent.Address, Patience, Once);
        CarriedFrame? stolen = null;
        parent.ToEnclave = frame =>
        {
            stolen = frame;
            return [];
        };
        _ = client.VerifyAsync(Verify(1) with { DeadlineMs = 100 }).ContinueWith(_ => { }, TaskScheduler.Default);
        Server.TestServer.Until(() => stolen is not null);
        parent.ToEnclave = frame => [stolen! with { Id = 77 }, frame];
        await other.HealthAsync();
        Server.TestServer.Until(() => second.Server.Counters.Errors.GetValueOrDefault(ErrorCode.UnknownKey) == 1);
    }

    [Fact]
    public async Task His_own_module_is_not_trusted()
    {
        using AttestedServer his = new(_enclave.Pcr0);
        using HostileParent parent = new(his.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once);
        ClientException failure = await AssertFails(ClientError.AttestationRefused, () => client.AttestAsync(_enclave.Policy));
        Assert.Equal(AttestationError.UntrustedRoot, failure.Report!.Refusal!.Error);
    }

    [Fact]
    public async Task Another_image_under_the_same_root_is_not_the_one_that_is_meant()
    {
        byte[] his = RandomNumberGenerator.GetBytes(48);
        using SoftwareNsmDevice pki = AttestedServer.ModuleOf(his);
        using AttestedServer enclave = new(his, module: pki);
        using HostileParent parent = new(enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once);
        ClientException failure = await AssertFails(
            ClientError.AttestationRefused, () => client.AttestAsync(AttestedServer.PolicyFor(pki, _enclave.Pcr0)));
        Assert.Equal(AttestationError.Measurements, failure.Report!.Refusal!.Error);
        await AssertFails(ClientError.NotAttested, () => client.ProveAsync(_circuit, _witness));
        Assert.False(parent.HasSeen(_witness.AsSpan(0, 8)));
        Assert.DoesNotContain(parent.Seen, payload => payload.Length > 10_000);
    }

    [Fact]
    public async Task His_key_in_the_enclaves_document_breaks_its_signature()
    {
        using HostileParent parent = new(_enclave.Server.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(parent.Address, Patience, Once);
        byte[] key = _enclave.Server.Services.Keys.CurrentPublicKey.ToArray();
        using ECDiffieHellman his = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        byte[] hisKey = his.PublicKey.ExportSubjectPublicKeyInfo();
        Assert.Equal(key.Length, hisKey.Length);
        bool changed = false;
        parent.ToCaller = frame =>
        {
            int at = frame.Payload.AsSpan().IndexOf(key);
            changed = at >= 0;
            hisKey.CopyTo(frame.Payload, at);
            return [frame];
        };
        ClientException failure = await AssertFails(ClientError.AttestationRefused, () => client.AttestAsync(_enclave.Policy));
        Assert.True(changed);
        Assert.Equal(AttestationStep.Signature, failure.Report!.Refusal!.Step);
    }

    private static async Task<byte[]> FetchFromAsync(AttestedServer enclave)
    {
        using EnclaveClient client = enclave.Connect();
        byte[] document = (await client.FetchAttestationAsync(RandomNumberGenerator.GetBytes(32), default)).Document.ToArray();
        Assert.NotEmpty(AttestationDocument.Parse(document).Nonce.ToArray());
        return document;
    }

    private static async Task<ClientException> AssertFails(ClientError error, Func<Task> call)
    {
        ClientException failure = await Assert.ThrowsAsync<ClientException>(call);
        Assert.Equal(error, failure.Error);
        return failure;
    }

    private static CarriedFrame Unknown(CarriedFrame frame) =>
        frame with { Kind = FrameKind.Error, Payload = ReplyCodec.Encode(ErrorReply.Of(ErrorCode.UnknownKey, "")) };

    private static VerifyRequest Verify(byte verdict) => Server.Requests.Verify(verdict);

    private sealed class Stages : IProgress<ProgressEvent>
    {
        public List<ProgressStage> Seen { get; } = [];

        public void Report(ProgressEvent value) => Seen.Add(value.Stage);
    }
}
