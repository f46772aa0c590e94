using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>Families of sockets, by their C names: address_families(7).</summary>
public enum SocketFamily
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Unix sockets.</summary>
    AF_UNIX = sys_socket_h.AF_UNIX,

    /// <summary>vsock.</summary>
    AF_VSOCK = sys_socket_h.AF_VSOCK,
}
