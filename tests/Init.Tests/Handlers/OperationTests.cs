using System.Security.Cryptography;
using Init.Handlers;
using Init.Init.Tests.Server;
using Init.Linux;
using Init.Nsm;
using Init.Prover;
using Init.Proving;
using Init.Server;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Init.Tests.Handlers;

/// <summary>Every operation through the server.</summary>
public sealed class OperationTests : IDisposable
{
    private readonly TestServer _server = new();
    private readonly RawClient _client;

    public OperationTests() => _client = _server.Connect();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void Hello_tells_version_limits_and_build()
    {
        HelloReply hello = (HelloReply)_client.Call(1, new HelloRequest(1, 5));
        Assert.Equal((1u, "test", "fake", true), (hello.Version, hello.Server, hello.SrsKind, hello.ShutdownAllowed));
        Assert.Equal(ServerLimits.Default, hello.Limits);
    }

    [Fact]
    public void Hello_without_a_common_version_is_unsupported()
    {
        _client.Send(1, new HelloRequest(2, 5));
        Assert.Equal(ErrorCode.UnsupportedVersion, _client.ReadError(1).Code);
    }

    [Fact]
    public void Health_counts()
    {
        _client.Call(1, new EchoRequest(new byte[1]));
        _client.Send(2, new VkRequest(new CircuitSource.StoredCircuit(new byte[32]), new ProveSettings()));
        Assert.Equal(ErrorCode.NotFound, _client.ReadError(2).Code);
        _client.Call(3, new AttestRequest(new byte[16], default));
        _client.Call(4, new CircuitRequest(Requests.Bytecode()));
        _client.Call(5, Requests.Prove());
        HealthReply health = (HealthReply)_client.Call(6, new HealthRequest());
        Assert.Equal((1ul, 1ul), (health.Connections.Open, health.Connections.Accepted));
        Assert.Equal((4ul, new ErrorCount(ErrorCode.NotFound, 1)), (health.Requests.Done, health.Requests.Errors.Single()));
        Assert.Equal((1ul, 1ul), (health.Nsm.Calls, health.Nsm.Opens));
        Assert.Equal(1ul, health.Circuits.Circuits);
        Assert.Equal(1ul, health.Prover.InstancesOpened);
        Assert.InRange(health.Memory.RssBytes, 1ul << 20, health.Memory.LimitBytes);
        Assert.InRange(health.Memory.AvailableBytes, 1ul, health.Memory.LimitBytes);
        Assert.InRange(health.Descriptors, 5ul, 10_000ul);
    }

    [Fact]
    public void Attest_puts_nonce_the_enclaves_key_and_its_statement_with_the_callers_data_into_the_document()
    {
        byte[] nonce = RandomNumberGenerator.GetBytes(512), userData = RandomNumberGenerator.GetBytes(256);
        byte[] document = ((AttestReply)_client.Call(1, new AttestRequest(nonce, userData))).Document.ToArray();
        AttestationDocument fields = AttestationDocument.Parse(document);
        Assert.Equal(nonce, fields.Nonce.ToArray());
        EnclaveStatement statement = EnclaveStatement.Decode(fields.UserData);
        Assert.Equal(userData, statement.UserData.ToArray());
        Assert.Equal(
            (1u, "test", "1", "0", "fake"),
            (statement.ProtocolVersion, statement.Server, statement.ServerVersion, statement.ProverVersion, statement.SrsKind));
        Assert.Equal(_server.Services.Keys.CurrentPublicKey.ToArray(), fields.PublicKey.ToArray());
    }

    [Fact]
    public void A_circuit_can_be_stored_and_proved_by_its_hash()
    {
        byte[] bytecode = Requests.Bytecode();
        CircuitReply stored = (CircuitReply)_client.Call(1, new CircuitRequest(bytecode));
        Assert.Equal((Convert.ToHexString(SHA256.HashData(bytecode)), false), (Convert.ToHexString(stored.Sha256.Span), stored.AlreadyStored));
        Assert.True(((CircuitReply)_client.Call(1, new CircuitRequest(bytecode))).AlreadyStored);
        ProveReply proof = (ProveReply)_client.Call(2, Requests.Prove(circuit: new CircuitSource.StoredCircuit(stored.Sha256)));
        Assert.Equal([9, 9, 9], proof.Proof.ToArray());
        VkReply key = (VkReply)_client.Call(3, new VkRequest(new CircuitSource.StoredCircuit(stored.Sha256), new ProveSettings()));
        Assert.Equal(proof.Key.ToArray(), key.Key.ToArray());
    }

    [Fact]
    public void A_circuit_that_is_not_stored_is_not_found()
    {
        _client.Send(1, Requests.Prove(circuit: new CircuitSource.StoredCircuit(new byte[32])));
        Assert.Equal(ErrorCode.NotFound, _client.ReadError(1).Code);
    }

    [Fact]
    public void Verify_tells_right_from_wrong()
    {
        Assert.True(((VerifyReply)_client.Call(1, Requests.Verify(1))).Valid);
        Assert.False(((VerifyReply)_client.Call(2, Requests.Verify(0))).Valid);
    }

    [Fact]
    public void Shutdown_is_refused_where_the_configuration_does_not_allow_it()
    {
        using TestServer server = new(shutdownAllowed: false);
        using RawClient client = server.Connect();
        client.Send(1, new ShutdownRequest());
        Assert.Equal(ErrorCode.Unauthorised, client.ReadError(1).Code);
        Assert.False(server.Server.IsDraining);
    }

    [FailureMode(35, "The prover traps")]
    [Fact]
    public void A_prover_that_traps_fails_that_request_and_no_other()
    {
        _server.Prover.Failure = new ProverException(ProverError.Trapped, "unreachable");
        _client.Send(1, Requests.Prove());
        ErrorReply error = _client.ReadError(1);
        Assert.Equal((ErrorCode.ProverFailed, "Trapped: unreachable"), (error.Code, error.Message));
        _server.Prover.Failure = null;
        Assert.IsType<ProveReply>(_client.Call(2, Requests.Prove()));
    }

    [Fact]
    public void A_bug_of_ours_is_internal_and_tells_nothing()
    {
        _server.Prover.Failure = new InvalidOperationException("secret");
        _client.Send(1, Requests.Prove());
        ErrorReply error = _client.ReadError(1);
        Assert.Equal(ErrorCode.Internal, error.Code);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, _server.Counters.Errors[ErrorCode.Internal]);
    }

    public static TheoryData<Exception, object, ErrorCode> Errors() => new()
    {
        { new RequestException(ErrorCode.NotFound, "x"), CancelCause.Deadline, ErrorCode.NotFound },
        { new WireException(WireError.Malformed, "x"), CancelCause.Deadline, ErrorCode.Malformed },
        { new WireException(WireError.TooLarge, "x"), CancelCause.Deadline, ErrorCode.TooLarge },
        { new ProverException(ProverError.InvalidInput, "x"), CancelCause.Deadline, ErrorCode.Malformed },
        { new ProverException(ProverError.TooLarge, "x"), CancelCause.Deadline, ErrorCode.TooLarge },
        { new ProverException(ProverError.DeadlineExpired, "x"), CancelCause.Deadline, ErrorCode.Deadline },
        { new ProverException(ProverError.Cancelled, "x"), CancelCause.Deadline, ErrorCode.Deadline },
        { new ProverException(ProverError.Cancelled, "x"), CancelCause.Client, ErrorCode.Cancelled },
        { new ProverException(ProverError.Cancelled, "x"), CancelCause.ShuttingDown, ErrorCode.Cancelled },
        { new ProverException(ProverError.MemoryLimit, "x"), CancelCause.Deadline, ErrorCode.ProverFailed },
        { new ProverException(ProverError.VerificationFailed, "x"), CancelCause.Deadline, ErrorCode.ProverFailed },
        { new NsmException(NsmError.Busy, "x"), CancelCause.Deadline, ErrorCode.Busy },
        { new NsmException(NsmError.Lost, "x"), CancelCause.Deadline, ErrorCode.Unavailable },
        { new NsmException(NsmError.DeviceFailed, "x"), CancelCause.Deadline, ErrorCode.Unavailable },
        { new NsmException(NsmError.Deadline, "x"), CancelCause.Deadline, ErrorCode.Deadline },
        { new NsmException(NsmError.Cancelled, "x"), CancelCause.Client, ErrorCode.Cancelled },
        { new NsmException(NsmError.Cancelled, "x"), CancelCause.Deadline, ErrorCode.Deadline },
        { new NsmException(NsmError.InputTooLarge, "x"), CancelCause.Deadline, ErrorCode.TooLarge },
        { new OperationCanceledException(), CancelCause.Vanished, ErrorCode.Cancelled },
        { new InsufficientMemoryException(), CancelCause.Deadline, ErrorCode.Busy },
        { new LinuxException("x", Errno.ENOMEM), CancelCause.Deadline, ErrorCode.Busy },
        { new InvalidCastException("x"), CancelCause.Deadline, ErrorCode.Internal },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Every_exception_has_its_code(Exception exception, object cause, ErrorCode expected)
    {
        RequestException error = RequestErrors.Of(exception, (CancelCause)cause);
        Assert.Equal(expected, error.Code);
        Assert.Equal(expected == ErrorCode.Busy, error.RetryAfter is not null);
    }

    [Fact]
    public void Only_what_is_answered_at_once_is_light()
    {
        Request[] light = [new HelloRequest(1, uint.MaxValue), new HealthRequest(), new CancelRequest(ulong.MaxValue), new ShutdownRequest()];
        Request[] others =
        [
            new AttestRequest(default, default), new EchoRequest(new byte[1]), new CircuitRequest(new byte[1]), Requests.Prove(), Requests.Verify(1),
            new VkRequest(new CircuitSource.InlineCircuit(new byte[1]), new ProveSettings()),
        ];
        RequestRouter router = _server.Services.CreateRouter(_server.Server);
        Assert.All(light, r => Assert.True(router.IsLight(RequestCodec.Encode(r with { DeadlineMs = 60_000 }))));
        Assert.All(others, r => Assert.False(router.IsLight(RequestCodec.Encode(r))));
        Assert.False(router.IsLight([0x83, (byte)Operation.Health, .. new byte[100]]));
    }

    [Fact]
    public void Only_what_is_decoded_in_no_time_is_immediate()
    {
        RequestRouter router = _server.Services.CreateRouter(_server.Server);
        byte[] echo = RequestCodec.Encode(new EchoRequest(new byte[100_000]) { DeadlineMs = 60_000 });
        Assert.True(router.IsImmediate(echo));
        Assert.True(router.IsImmediate(RequestCodec.Encode(new EchoRequest(new byte[1]))));
        Assert.False(router.IsImmediate(RequestCodec.Encode(new HealthRequest())));
        Assert.False(router.IsImmediate([.. echo, 0]));
        Assert.False(router.IsImmediate(echo.AsSpan(..^1)));
        Assert.False(router.IsImmediate([0x83, (byte)Operation.Echo, 0, 0xa1, 1, 0x99, 0x80, 0, .. new byte[0x8000]]));
        for (int length = 0; length < 16; length++)
        {
            Assert.False(EchoRequest.TryFindData(echo.AsSpan(0, length), out _));
        }
    }
}
