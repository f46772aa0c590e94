using System.Runtime.InteropServices;
using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>Owns a file descriptor. Everything in this room opens close-on-exec.</summary>
public sealed class FileDescriptor : SafeHandle
{
    /// <summary>Takes ownership of an open descriptor.</summary>
    /// <param name="number">Its number, at least 0.</param>
    public FileDescriptor(int number)
        : base(-1, ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        SetHandle(number);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>The descriptor's number. Valid while this object is not disposed.</summary>
    /// <exception cref="ObjectDisposedException">The descriptor is closed.</exception>
    public int Number
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (int)handle;
        }
    }

    /// <summary>Owns what a call returned, or throws its errno.</summary>
    internal static FileDescriptor FromCall(int result, string operation) =>
        result >= 0 ? new FileDescriptor(result) : throw LinuxException.FromLastError(operation);

    // Linux has freed the number even when close(2) fails, EINTR included: a second attempt could close somebody else's.
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => unistd_h.close((int)handle) == 0;
}
