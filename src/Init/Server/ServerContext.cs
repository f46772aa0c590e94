using Init.Wire;

namespace Init.Server;

/// <summary>What all connections of a server share.</summary>
internal sealed class ServerContext(ServerSettings settings, IRequestRouter router, SocketLoop loop, TimeProvider time)
{
    /// <summary>Caps and deadlines.</summary>
    public ServerSettings Settings { get; } = settings;

    /// <summary>Answers requests.</summary>
    public IRequestRouter Router { get; } = router;

    /// <summary>Owns the sockets.</summary>
    public SocketLoop Loop { get; } = loop;

    /// <summary>Tells requests' deadlines.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Blocks for what is received and sent.</summary>
    public ClearingMemoryPool Pool { get; } = new();

    /// <summary>Memory for messages of one large frame.</summary>
    public FrameMemoryPool Frames { get; } = new();

    /// <summary>Answers to short requests, while those are read.</summary>
    public PromptAnswers Prompt { get; } = new(router);

    /// <summary>What is held, against the caps.</summary>
    public ServerLoad Load { get; } = new(settings);

    /// <summary>What happened.</summary>
    public ServerTally Tally { get; } = new();

    /// <summary>A cap is reached.</summary>
    public RequestException Busy(string cause) => new(ErrorCode.Busy, cause, Settings.RetryAfter);

    /// <summary>The cap on bytes is reached.</summary>
    public RequestException TooManyBytes() => Busy($"{Settings.Limits.BytesInFlight >> 20} MiB are in flight");

    /// <summary>The enclave drains.</summary>
    public static RequestException ShuttingDown() => new(ErrorCode.ShuttingDown, "the enclave is shutting down");
}
