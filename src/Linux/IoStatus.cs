namespace Init.Linux;

/// <summary>What one input or output operation came to.</summary>
public enum IoStatus
{
    /// <summary>It was done; Count says how much.</summary>
    Done,

    /// <summary>It would have to wait: wait for readiness (level-triggered) and try again.</summary>
    WouldBlock,

    /// <summary>The peer will send no more. Whether that is a clean end depends on where the stream was.</summary>
    EndOfStream,

    /// <summary>The connection is gone (ECONNRESET, EPIPE).</summary>
    Reset,

    /// <summary>The system is short of memory or descriptors: try again later, and not at once.</summary>
    Exhausted,

    /// <summary>The deadline passed, or the kernel gave up (ETIMEDOUT).</summary>
    TimedOut,

    /// <summary>Anything else; Errno says what. The descriptor is of no more use.</summary>
    Failed,
}
