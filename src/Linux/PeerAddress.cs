namespace Init.Linux;

/// <summary>Who is at the other end of a connection, as far as its family says.</summary>
/// <param name="Cid">The peer's vsock context id; null when the connection is not vsock.</param>
/// <param name="Port">The peer's vsock port; null when the connection is not vsock.</param>
/// <remarks>
/// A CID is what the hypervisor on the way says, and the hypervisor's host is the adversary: it is a filter, not an identity.
/// </remarks>
public readonly record struct PeerAddress(uint? Cid, uint? Port)
{
    /// <summary>A peer without a vsock address: a Unix socket's, or none.</summary>
    public static PeerAddress None => default;
}
