using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>What <see cref="Epoll"/> waits for and reports. Level-triggered always: what is not taken is reported again.</summary>
[Flags]
public enum EpollEvents
{
    /// <summary>Nothing but what is always reported: Error and HangUp.</summary>
    None = 0,

    /// <summary>There is something to read, a connection to accept, or the end of the stream.</summary>
    In = (int)sys_epoll_h.EPOLLIN,

    /// <summary>A write would take at least one byte.</summary>
    Out = (int)sys_epoll_h.EPOLLOUT,

    /// <summary>An error is pending. Always reported.</summary>
    Error = (int)sys_epoll_h.EPOLLERR,

    /// <summary>Both directions are closed. Always reported.</summary>
    HangUp = (int)sys_epoll_h.EPOLLHUP,

    /// <summary>The peer will send no more.</summary>
    ReadHangUp = (int)sys_epoll_h.EPOLLRDHUP,
}
