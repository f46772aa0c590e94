using Init.Linux;
using Init.Server;
using Init.Testing;
using Init.Wire;

namespace Init.Init.Tests.Server;

/// <summary>Bugs of ours cost as little as they can.</summary>
public sealed class FaultTests
{
    [Fact]
    public void A_router_that_throws_costs_that_connection_and_no_other()
    {
        string path = Path.Combine(Path.GetTempPath(), $"init-{Environment.ProcessId}-{Guid.NewGuid():N}.sock");
        using EnclaveServer server = new(UnixSocket.Listen(path, 10), null, new ServerSettings(), _ => new BuggyRouter(), TimeProvider.System);
        server.Start();
        using RawClient client = new(UnixSocket.Connect(path, TimeSpan.FromSeconds(20)));
        using RawClient other = new(UnixSocket.Connect(path, TimeSpan.FromSeconds(20)));
        other.Send(RawClient.Frame(1, more: false, [1]));
        Assert.Equal([1], other.Read().Body);
        client.Send(RawClient.Frame(1, more: false, [0]));
        client.AssertClosed();
        other.Send(RawClient.Frame(2, more: false, [2]));
        Assert.Equal([2], other.Read().Body);
        Assert.Equal(1, server.Counters.Events[ServerEvent.Fault]);
        TestServer.Until(() => server.Counters is { Requests: 0, Bytes: 0, Connections: 1, Blocks: 0 });
        File.Delete(path);
    }

    [Fact]
    public async Task A_listener_that_throws_drains_the_server()
    {
        using TestServer server = new(listen: listener => new FaultyDescriptor(
            listener, _ => Fault.None, accepted: _ => throw new InvalidOperationException("a bug")));
        using RawClient client = server.Connect();
        await server.Server.Drained.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, server.Counters.Events[ServerEvent.Fault]);
    }

    [Fact]
    public void A_server_that_was_never_started_closes_its_listener()
    {
        FaultyDescriptor? listener = null;
        (KernelDescriptor near, KernelDescriptor far) = UnixSocket.Pair();
        listener = new FaultyDescriptor(near, _ => Fault.None);
        new EnclaveServer(listener, null, new ServerSettings(), _ => new BuggyRouter(), TimeProvider.System).Dispose();
        Assert.True(listener.IsDisposed);
        far.Dispose();
    }

    /// <summary>Answers a message with itself, unless it is 0.</summary>
    private sealed class BuggyRouter : IRequestRouter
    {
        public bool IsLight(ReadOnlySpan<byte> message) => false;

        public bool IsImmediate(ReadOnlySpan<byte> message) => false;

        public int AnswerAtOnce(ReadOnlySpan<byte> message, Span<byte> reply) => 0;

        public ValueTask<Answer> AnswerAsync(Memory<byte> message, IRequestContext context) =>
            message.Span[0] == 0 ? throw new InvalidOperationException("a bug") : ValueTask.FromResult(new Answer(message.ToArray()));

        public ReadOnlyMemory<byte> EncodeError(RequestException error) => ReplyCodec.Encode(ErrorReply.Of(error.Code, error.Message));
    }
}
