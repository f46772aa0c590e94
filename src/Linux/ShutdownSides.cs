using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>Which directions of a connection to close: shutdown(2).</summary>
public enum ShutdownSides
{
    /// <summary>Nothing more will be read.</summary>
    Read = sys_socket_h.SHUT_RD,

    /// <summary>Nothing more will be written: the peer reads the end of the stream.</summary>
    Write = sys_socket_h.SHUT_WR,

    /// <summary>Both.</summary>
    Both = sys_socket_h.SHUT_RDWR,
}
