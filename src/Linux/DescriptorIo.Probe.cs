namespace Init.Linux;

/// <content>Asking about the peer.</content>
public static partial class DescriptorIo
{
    /// <summary>Whether a connected socket's peer no longer receives. Sends nothing.</summary>
    /// <remarks>
    /// For after the end of the stream: has the peer ended its direction, or is it gone? Vsock does not say (no EPOLLHUP for a peer
    /// that closed, no ECONNRESET after a reset), but a write of nothing fails with EPIPE or ENOTCONN when nobody receives
    /// (Linux net/vmw_vsock/af_vsock.c, vsock_connectible_sendmsg; net/unix/af_unix.c, unix_stream_sendmsg).
    /// </remarks>
    public static bool IsPeerGone(IDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        int outcome = descriptor.Write([]);
        return outcome < 0 && ErrnoOf(outcome) is (Errno.EPIPE or Errno.ENOTCONN or Errno.ECONNRESET);
    }
}
