using System.Security.Cryptography;
using Init.Handlers;
using Init.Init.Tests.Server;
using Init.Nsm;
using Init.Sealing;
using Init.Server;
using Init.Testing;
using Init.Wire;

namespace Init.Init.Tests.Handlers;

/// <summary>Sealed requests through the server: what only the caller and the enclave can read, and what is refused.</summary>
public sealed class SealedOperationTests : IDisposable
{
    private const int BoxBytes = SealedLayout.ChunkBytes + SealedLayout.OverheadBytes;

    private readonly TestServer _server = new();
    private readonly RawClient _client;
    private readonly SealedCaller _caller;

    public SealedOperationTests()
    {
        _client = _server.Connect();
        _caller = new SealedCaller(AttestedKey(_client));
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void Every_operation_that_can_be_sealed_answers_as_it_does_in_the_open()
    {
        Request[] requests = [new CircuitRequest(Requests.Bytecode()), Requests.Verify(1), Requests.Verify(0), new EchoRequest(new byte[] { 1, 2 })];
        Assert.All(requests, request =>
        {
            _client.Call(1, request); // the circuit is stored now, so that both answers say so
            Assert.Equal(ReplyCodec.Encode(_client.Call(2, request)), ReplyCodec.Encode(_caller.Call(_client, 3, request)));
        });
        ProveReply proof = (ProveReply)_caller.Call(_client, 4, Requests.Prove());
        Assert.Equal([9, 9, 9], proof.Proof.ToArray());
        VkReply key = (VkReply)_caller.Call(_client, 5, new VkRequest(new CircuitSource.InlineCircuit(Requests.Bytecode()), new ProveSettings()));
        Assert.Equal(proof.Key.ToArray(), key.Key.ToArray());
    }

    [Theory]
    [InlineData(Operation.Hello)]
    [InlineData(Operation.Health)]
    [InlineData(Operation.Attest)]
    [InlineData(Operation.Cancel)]
    [InlineData(Operation.Shutdown)]
    [InlineData(Operation.Sealed)]
    public void Other_operations_are_never_sealed(Operation operation)
    {
        (SealedRequest message, SealedCall call) = _caller.Seal(new EchoRequest(new byte[1]), announced: operation);
        using (call)
        {
            AssertRefused(message, ErrorCode.Malformed);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(SealedLayout.ChunkBytes)]
    [InlineData(5 << 20)]
    public void Requests_and_answers_of_many_boxes_are_whole(int length)
    {
        byte[] data = RandomNumberGenerator.GetBytes(length);
        Assert.Equal(data, ((EchoReply)_caller.Call(_client, 1, new EchoRequest(data))).Data.ToArray());
    }

    [Fact]
    public void A_request_sealed_to_another_enclave_is_of_an_unknown_key()
    {
        using TestServer other = new();
        using RawClient client = other.Connect();
        (SealedRequest message, SealedCall call) = new SealedCaller(AttestedKey(client)).Seal(Requests.Prove());
        using (call)
        {
            AssertRefused(message, ErrorCode.UnknownKey);
        }
    }

    [Fact]
    public void A_request_sealed_to_another_key_under_this_keys_name_is_not_authentic()
    {
        using TestServer other = new();
        using RawClient client = other.Connect();
        (SealedRequest message, SealedCall call) = new SealedCaller(AttestedKey(client)).Seal(Requests.Prove());
        using (call)
        {
            AssertRefused(message with { KeyId = KeyRing.IdOf(_server.Services.Keys.CurrentPublicKey.Span) }, ErrorCode.NotAuthentic);
        }
    }

    [Fact]
    public void A_replayed_request_is_refused_on_this_and_on_another_connection()
    {
        (SealedRequest message, SealedCall call) = _caller.Seal(Requests.Prove());
        using (call)
        {
            _client.Call(1, message);
            AssertRefused(message, ErrorCode.Replayed);
            using RawClient other = _server.Connect();
            other.Send(1, message);
            Assert.Equal(ErrorCode.Replayed, other.ReadError(1).Code);
        }

        Assert.Equal(1, _server.Prover.Proofs);
    }

    [Fact]
    public void A_changed_header_or_a_changed_byte_is_not_authentic()
    {
        (SealedRequest message, SealedCall call) = _caller.Seal(Requests.Prove(), associatedData: [1, 2, 3]);
        using (call)
        {
            byte[] boxes = message.Boxes.ToArray();
            boxes[^20] ^= 1;
            SealedRequest[] changed =
            [
                message with { SealedOperation = Operation.Echo },
                message with { AssociatedData = new byte[] { 1, 2, 4 } },
                message with { AssociatedData = default },
                message with { Boxes = boxes },
                message with { Encapsulated = Other().Encapsulated },
            ];
            Assert.All(changed, m => AssertRefused(m, ErrorCode.NotAuthentic));
            byte[] noPoint = message.Encapsulated.ToArray();
            noPoint[^1] ^= 1;
            AssertRefused(message with { Encapsulated = noPoint }, ErrorCode.Malformed);
            _client.Call(7, message); // none of them made it a replay
        }
    }

    [Fact]
    public void A_request_that_is_cut_at_any_box_reordered_or_continued_is_not_authentic()
    {
        (SealedRequest message, SealedCall call) = _caller.Seal(new EchoRequest(new byte[3 * SealedLayout.ChunkBytes]));
        using (call)
        {
            byte[] boxes = message.Boxes.ToArray();
            byte[][] changed =
            [
                boxes[..BoxBytes],
                boxes[..(2 * BoxBytes)],
                boxes[..(3 * BoxBytes)],
                boxes[BoxBytes..],
                boxes[..^1],
                [.. boxes[BoxBytes..(2 * BoxBytes)], .. boxes[..BoxBytes], .. boxes[(2 * BoxBytes)..]],
                [.. boxes[..BoxBytes], .. boxes],
                [.. boxes, .. boxes[..BoxBytes]],
            ];
            Assert.All(changed, b => AssertRefused(message with { Boxes = b }, ErrorCode.NotAuthentic));
            _client.Call(7, message);
        }
    }

    [Fact]
    public void What_goes_wrong_inside_only_the_caller_reads()
    {
        (SealedRequest message, SealedCall call) = _caller.Seal(Requests.Prove(circuit: new CircuitSource.StoredCircuit(new byte[32])));
        using (call)
        {
            (FrameKind kind, byte[] plain) = SealedCaller.Open(call, (SealedReply)_client.Call(1, message));
            Assert.Equal((FrameKind.Error, ErrorCode.NotFound), (kind, ReplyCodec.DecodeError(plain).Code));
        }

        Assert.Equal(1, _server.Counters.Errors[ErrorCode.NotFound]);
    }

    [Fact]
    public void A_request_that_is_not_what_was_announced_is_malformed()
    {
        (SealedRequest message, SealedCall call) = _caller.Seal(new ShutdownRequest(), announced: Operation.Echo);
        using (call)
        {
            (FrameKind kind, byte[] plain) = SealedCaller.Open(call, (SealedReply)_client.Call(1, message));
            Assert.Equal((FrameKind.Error, ErrorCode.Malformed), (kind, ReplyCodec.DecodeError(plain).Code));
        }

        Assert.False(_server.Server.IsDraining);
    }

    [Fact]
    public void Progress_is_sealed_too()
    {
        (SealedRequest message, SealedCall call) = _caller.Seal(Requests.Prove(wantsProgress: true));
        using (call)
        {
            _client.Send(1, message);
            List<ProgressStage> stages = [];
            Message received = _client.Read();
            for (; received.Kind == FrameKind.Progress; received = _client.Read())
            {
                Assert.Throws<WireException>(() => received.Progress);
                SealedProgress progress = ReplyCodec.DecodeSealedProgress(received.Body);
                byte[] boxes = progress.Boxes.ToArray();
                int length = call.OpenAnswer(FrameKind.Progress, progress.Nonce.Span, boxes);
                stages.Add(ReplyCodec.DecodeProgress(boxes.AsMemory(0, length)).Stage);
            }

            Assert.Contains(ProgressStage.Started, stages);
            Assert.Equal(FrameKind.Reply, SealedCaller.Open(call, (SealedReply)received.Reply).Kind);
        }
    }

    [Fact]
    public void Progress_that_comes_after_the_answer_is_not_sealed_with_an_erased_secret()
    {
        using KeyRing keys = new(new KeyRingOptions(), TimeProvider.System);
        (SealedRequest message, SealedCall call) = new SealedCaller(keys.CurrentPublicKey).Seal(Requests.Prove());
        using SealedCall sealing = call;
        Listener listener = new();
        byte[] encoded = RequestCodec.Encode(message);
        OpenedContext opened = new SealedRequests(keys, isRequired: false)
            .Open((SealedRequest)RequestCodec.Decode(encoded), encoded, listener);
        opened.Report(new byte[] { 1 });
        opened.Dispose();
        opened.Report(new byte[] { 2 });
        Assert.Equal(1, listener.Reports);
    }

    [Fact]
    public void A_request_is_cancelled_by_its_outer_id()
    {
        _server.Prover.Holds = true;
        (SealedRequest message, SealedCall call) = _caller.Seal(Requests.Prove());
        using (call)
        {
            _client.Send(1, message);
            TestServer.Until(() => _server.Prover.Proving == 1);
            _client.Send(2, new CancelRequest(1));
            Message[] answers = [_client.Read(), _client.Read()];
            SealedReply answer = (SealedReply)answers.Single(a => a.Id == 1).Reply;
            (FrameKind kind, byte[] plain) = SealedCaller.Open(call, answer);
            Assert.Equal((FrameKind.Error, ErrorCode.Cancelled), (kind, ReplyCodec.DecodeError(plain).Code));
        }
    }

    [Fact]
    public void Where_sealing_is_required_plain_requests_that_can_have_secrets_are_refused()
    {
        using TestServer server = new(requiresSealed: true);
        using RawClient client = server.Connect();
        CircuitSource circuit = new CircuitSource.InlineCircuit(Requests.Bytecode());
        Request[] refused = [new CircuitRequest(Requests.Bytecode()), Requests.Prove(), Requests.Verify(1), new VkRequest(circuit, new ProveSettings())];
        Assert.All(refused, request =>
        {
            client.Send(1, request);
            Assert.Equal(ErrorCode.Unauthorised, client.ReadError(1).Code);
        });
        Assert.Equal(0, server.Prover.Proofs);
        client.Call(2, new EchoRequest(new byte[1]));
        client.Call(3, new HealthRequest());
        SealedCaller caller = new(AttestedKey(client));
        Assert.All(refused, request => caller.Call(client, 4, request));
    }

    [Fact]
    public void Keys_rotate_and_the_old_one_opens_until_its_overlap_is_over()
    {
        using TestServer server = new(time: new ManualTime());
        ReadOnlyMemory<byte> first = Fresh(AttestedKey);
        server.Time!.Advance(TimeSpan.FromHours(1));
        ReadOnlyMemory<byte> second = Fresh(AttestedKey);
        Assert.NotEqual(first.ToArray(), second.ToArray());
        Fresh(client => new SealedCaller(first).Call(client, 1, new EchoRequest(new byte[1])));
        server.Time.Advance(TimeSpan.FromMinutes(10));
        (SealedRequest message, SealedCall call) = new SealedCaller(first).Seal(new EchoRequest(new byte[1]));
        using (call)
        {
            Assert.Equal(ErrorCode.UnknownKey, Fresh(client =>
            {
                client.Send(2, message);
                return client.ReadError(2).Code;
            }));
        }

        Fresh(client => new SealedCaller(second).Call(client, 3, new EchoRequest(new byte[1])));

        // A connection of its own each time: one that was there an hour ago is idle, and may be closed.
        T Fresh<T>(Func<RawClient, T> use)
        {
            using RawClient client = server.Connect();
            return use(client);
        }
    }

    [Fact]
    public void The_deadline_is_that_of_the_request_inside()
    {
        using TestServer server = new(time: new ManualTime());
        using RawClient client = server.Connect();
        server.Prover.Holds = true;
        (SealedRequest message, SealedCall call) = new SealedCaller(AttestedKey(client)).Seal(Requests.Prove(deadlineMs: 30_000));
        using (call)
        {
            client.Send(1, message);
            TestServer.Until(() => server.Prover.Proving == 1);
            server.Advance(TimeSpan.FromSeconds(29)); // beyond the ten seconds that opening may take
            Assert.Equal(1, server.Prover.Proving);
            server.Advance(TimeSpan.FromSeconds(1));
            (FrameKind kind, byte[] plain) = SealedCaller.Open(call, (SealedReply)client.ReadReply(1));
            Assert.Equal((FrameKind.Error, ErrorCode.Deadline), (kind, ReplyCodec.DecodeError(plain).Code));
        }
    }

    [Fact]
    public void Two_hundred_at_a_time_are_all_answered_right()
    {
        using TestServer server = new();
        ReadOnlyMemory<byte> key = server.Services.Keys.CurrentPublicKey;
        Parallel.For(0, 20, new ParallelOptions { MaxDegreeOfParallelism = 20 }, i =>
        {
            using RawClient client = server.Connect();
            for (int k = 1; k <= 10; k++)
            {
                byte[] data = RandomNumberGenerator.GetBytes((i + 1) * k);
                Assert.Equal(data, ((EchoReply)new SealedCaller(key).Call(client, (ulong)k, new EchoRequest(data))).Data.ToArray());
            }
        });
    }

    private static ReadOnlyMemory<byte> AttestedKey(RawClient client) =>
        AttestationDocument.Parse(((AttestReply)client.Call(99, new AttestRequest(new byte[16], default))).Document).PublicKey;

    private SealedRequest Other()
    {
        (SealedRequest message, SealedCall call) = _caller.Seal(Requests.Prove());
        call.Dispose();
        return message;
    }

    // Refused in the open, and the connection and the enclave go on.
    private void AssertRefused(SealedRequest message, ErrorCode code)
    {
        _client.Send(5, message);
        Assert.Equal(code, _client.ReadError(5).Code);
        _caller.Call(_client, 6, new EchoRequest(new byte[1]));
    }

    private sealed class Listener : IRequestContext
    {
        public int Reports { get; private set; }

        public CancellationToken Cancellation => CancellationToken.None;

        public CancelCause Cause => CancelCause.Deadline;

        public void EndWithin(TimeSpan allowed)
        {
        }

        public void Report(ReadOnlyMemory<byte> body) => Reports++;

        public bool Cancel(ulong id) => false;
    }
}
