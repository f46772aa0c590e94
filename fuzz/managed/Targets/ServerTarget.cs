using Init.Init.Tests.Server;
using Init.Server;
using Init.Testing;

namespace Init.Fuzz.Targets;

/// <summary>One connection to the enclave's server, with what a client may do on it in any order: <see cref="Conversation"/>.</summary>
/// <remarks>
/// The server, its handlers and its sockets' thread are the enclave's, over a Unix socket; the prover and the NSM are not, and time is the
/// input's. One server serves all inputs, so what a connection leaves behind is found by those after it.
/// </remarks>
internal static class ServerTarget
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Lazy<TestServer> Server = new(() => new TestServer(time: new ManualTime(), shutdownAllowed: false));

    public static IReadOnlyList<ManagedTarget> List { get; } =
    [
        new("server", Serve)
        {
            MaxBytes = 192,
            AllocationLimit = _ => 16 << 20, // the client's: the server's threads are not measured
            Seeds = Seeds,
        },
    ];

    private static bool Serve(byte[] script)
    {
        TestServer server = Server.Value;
        bool isClean;
        using (Conversation conversation = new(server, script))
        {
            isClean = conversation.Run();
        }

        Assert.True(SpinWait.SpinUntil(() => server.Counters is { Connections: 0, Requests: 0, Bytes: 0, Blocks: 0 }, Patience), "something is left of the connection");
        Assert.Equal(0, server.Counters.Events[ServerEvent.Fault]);
        return isClean;
    }

    private static IEnumerable<byte[]> Seeds()
    {
        for (byte end = 0; end < 3; end++)
        {
            yield return [end, 0, 0, 0, 0, 1, 0, 0, 2, 7, 6];
            yield return [end, 0, 3, 9, 5, 0, 0, 4, 1, 6, 0, 7, 5];
            yield return [end, 2, 1, 0x80, 0, 4, 5, 4, 2, 1, 0, 0, 90];
            yield return [end, 0, 5, 0, 0, 6, 0, 3, 1, 2, 3];
            yield return [end, 4, 0, 7, 5, 3, 6];
            yield return [end, 2, 1, 1, 0, 200, 0, 8, 0];
        }
    }
}
