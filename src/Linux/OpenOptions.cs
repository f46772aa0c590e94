using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>How <see cref="FileSystem.Open"/> opens: open(2). Close-on-exec and O_NOCTTY are always added.</summary>
[Flags]
public enum OpenOptions
{
    /// <summary>For reading.</summary>
    ReadOnly = fcntl_h.O_RDONLY,

    /// <summary>For writing.</summary>
    WriteOnly = fcntl_h.O_WRONLY,

    /// <summary>For both.</summary>
    ReadWrite = fcntl_h.O_RDWR,

    /// <summary>No call on it waits.</summary>
    NonBlocking = fcntl_h.O_NONBLOCK,
}
