namespace Init.Simulator;

/// <summary>Why the simulator refused or gave up.</summary>
public enum SimulatorError
{
    /// <summary>No QEMU with the nitro-enclave machine was found.</summary>
    QemuMissing,

    /// <summary>QEMU has the machine, but its guest's NSM cannot be replaced by ours.</summary>
    QemuWithoutSoftwareNsm,

    /// <summary>QEMU did not start, or ended before the enclave did anything.</summary>
    QemuFailed,

    /// <summary>The image cannot be read or is no EIF.</summary>
    ImageInvalid,

    /// <summary>Less memory than four times the image, which a real parent refuses too (E26).</summary>
    MemoryTooSmall,

    /// <summary>Somebody listens on the socket's path, or the path is something else than a socket.</summary>
    SocketInUse,

    /// <summary>The socket's path does not fit into sockaddr_un.</summary>
    SocketPathTooLong,

    /// <summary>The enclave refused the connection or is not up.</summary>
    ConnectionRefused,

    /// <summary>Something that was waited for did not happen in time.</summary>
    TimedOut,
}
