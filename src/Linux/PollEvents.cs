using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>What <see cref="IDescriptor.Poll"/> waits for and reports: poll(2).</summary>
[Flags]
public enum PollEvents
{
    /// <summary>Nothing but what is always reported.</summary>
    None = 0,

    /// <summary>There is something to read, or the end of the stream.</summary>
    In = poll_h.POLLIN,

    /// <summary>A write would take at least one byte.</summary>
    Out = poll_h.POLLOUT,

    /// <summary>An error is pending. Always reported.</summary>
    Error = poll_h.POLLERR,

    /// <summary>Both directions are closed. Always reported.</summary>
    HangUp = poll_h.POLLHUP,

    /// <summary>The number is no open descriptor. Always reported.</summary>
    Invalid = poll_h.POLLNVAL,

    /// <summary>The peer will send no more.</summary>
    ReadHangUp = poll_h.POLLRDHUP,
}
