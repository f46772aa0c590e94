using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <summary>What a server lets its clients have: what <c>hello</c> tells them, and numbers of its own. docs/server.md lists them.</summary>
internal sealed record ServerSettings
{
    /// <summary>Caps and times of the protocol.</summary>
    public ServerLimits Limits { get; init; } = ServerLimits.Default;

    /// <summary>Refused messages of one connection whose remaining frames are swallowed; one more ends the connection.</summary>
    public int SwallowedMessages { get; init; } = 64;

    /// <summary>Answers and events that wait to be written on one connection before it is no longer read.</summary>
    public int QueuedAnswers { get; init; } = 64;

    /// <summary>
    /// Payload of one frame that the server writes, so that a small reply need not wait for a large one. With what stands before it, four writes.
    /// </summary>
    public int FramePayloadBytes { get; init; } = (4 * DescriptorIo.MaxWriteBytes) - FrameWriter.MaxHeaderBytes;

    /// <summary>How often a client that sends no more is asked whether it still receives, while something is in flight for it.</summary>
    public TimeSpan Probe { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long accepting pauses after the system had no descriptor or memory for a connection.</summary>
    public TimeSpan AcceptPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long requests that a drain's end cancels have to be answered.</summary>
    public TimeSpan LastWords { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The retry hint of <c>busy</c> where nothing better is known.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From a frame's first byte to its last.</summary>
    public TimeSpan StartedFrame => TimeSpan.FromMilliseconds(Limits.FrameMs);

    /// <summary>Between two frames of a message.</summary>
    public TimeSpan UnfinishedMessage => TimeSpan.FromMilliseconds(Limits.MessageMs);

    /// <summary>Without a frame while nothing is in flight.</summary>
    public TimeSpan Idle => TimeSpan.FromMilliseconds(Limits.IdleMs);

    /// <summary>With bytes to write of which the client takes none.</summary>
    public TimeSpan UnreadReply => TimeSpan.FromMilliseconds(Limits.UnreadReplyMs);
}
