using Init.Linux;

namespace Init.Nsm;

/// <summary>/dev/nsm: the hardware's, or QEMU's emulation behind the same driver.</summary>
public sealed class NsmCharacterDevice : INsmDevice
{
    /// <summary>Where the driver puts it.</summary>
    public const string DefaultPath = "/dev/nsm";

    private static long _opens;

    private readonly FileDescriptor _descriptor;
    private readonly string _path;

    private NsmCharacterDevice(FileDescriptor descriptor, string path)
    {
        _descriptor = descriptor;
        _path = path;
    }

    /// <inheritdoc/>
    public long Opens => Interlocked.Read(ref _opens);

    /// <summary>Opens the device. An enclave does so once, at boot.</summary>
    /// <exception cref="NsmException">DeviceFailed: there is no such device, or it may not be opened.</exception>
    public static NsmCharacterDevice Open(string path = DefaultPath)
    {
        try
        {
            FileDescriptor descriptor = FileSystem.Open(path, OpenOptions.ReadWrite);
            Interlocked.Increment(ref _opens);
            return new NsmCharacterDevice(descriptor, path);
        }
        catch (LinuxException cause)
        {
            throw new NsmException(NsmError.DeviceFailed, cause.Message, cause);
        }
    }

    /// <inheritdoc/>
    public int Exchange(ReadOnlySpan<byte> request, Span<byte> response)
    {
        int outcome = NsmIoctl.Exchange(_descriptor, request, response, out int responseBytes);
        return outcome >= 0 ? responseBytes : throw new LinuxException($"call {_path}", (Errno)(-outcome));
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}
