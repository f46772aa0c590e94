using System.Globalization;
using Init.Proving;
using Init.Server;
using Init.Testing;

namespace Init.Init.Tests.Server;

public sealed class DocumentationTests
{
    [Fact]
    public void The_numbers_of_the_documentation_are_those_of_the_code()
    {
        ServerSettings server = new();
        ProvingLimits proving = new();
        (string Name, double Value)[] expected =
        [
            ("connections", server.Limits.Connections),
            ("requests of a connection", server.Limits.ConnectionRequests),
            ("requests in all, light ones not counted", server.Limits.Requests),
            ("bytes of requests and replies", server.Limits.BytesInFlight),
            ("refused messages that go on, of a connection", server.SwallowedMessages),
            ("answers that wait, of a connection", server.QueuedAnswers),
            ("proofs at a time", proving.ProofsAtATime),
            ("proofs that wait", proving.ProofQueueLength),
            ("verifications at a time", proving.VerificationsAtATime),
            ("verifications that wait", proving.VerificationQueueLength),
            ("payload of a frame the server writes, bytes", server.FramePayloadBytes),
            ("large block, bytes", ClearingMemoryPool.BlockBytes),
            ("large blocks kept for later", ClearingMemoryPool.MaxKept),
            ("small block, bytes", ClearingMemoryPool.SmallBlockBytes),
            ("small blocks kept for later", ClearingMemoryPool.MaxSmallKept),
            ("memory for a large frame, bytes", FrameMemoryPool.PieceBytes),
            ("such pieces kept for later", FrameMemoryPool.MaxKept),
            ("started frame, ms", server.StartedFrame.TotalMilliseconds),
            ("between frames of a message, ms", server.UnfinishedMessage.TotalMilliseconds),
            ("idle, ms", server.Idle.TotalMilliseconds),
            ("reply of which nothing is taken, ms", server.UnreadReply.TotalMilliseconds),
            ("pause after the system had no descriptor, ms", server.AcceptPause.TotalMilliseconds),
            ("probe of a client that sends no more, ms", server.Probe.TotalMilliseconds),
            ("answering what a drain's end cancels, ms", server.LastWords.TotalMilliseconds),
        ];
        (string, double)[] documented =
        [
            .. File.ReadLines(Path.Combine(Places.Root, "docs/server.md"))
                .SkipWhile(line => !line.StartsWith("| number", StringComparison.Ordinal)).Skip(2)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
                .Select(cells => (cells[1], double.Parse(cells[2], CultureInfo.InvariantCulture))),
        ];
        Assert.Equal(expected, documented);
    }
}
