using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>Memory that has a descriptor and no name in a file system, to share with another process: memfd_create(2).</summary>
public static class MemoryFile
{
    /// <summary>Makes one, all zeros.</summary>
    /// <param name="name">What /proc shows it as.</param>
    /// <param name="lengthBytes">Its size.</param>
    /// <exception cref="LinuxException">EMFILE, EFBIG and others.</exception>
    public static unsafe FileDescriptor Create(string name, long lengthBytes)
    {
        string operation = $"make the memory file {name}";
        fixed (byte* bytes = FileSystem.NullTerminated(name))
        {
            FileDescriptor descriptor = FileDescriptor.FromCall(sys_mman_h.memfd_create(bytes, sys_mman_h.MFD_CLOEXEC), operation);
            if (unistd_h.ftruncate(descriptor, lengthBytes) < 0)
            {
                LinuxException failure = LinuxException.FromLastError(operation);
                descriptor.Dispose();
                throw failure;
            }

            return descriptor;
        }
    }
}
