using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>dirent.h: only what listing a folder takes.</summary>
internal static unsafe partial class dirent_h
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint getdents64(FileDescriptor fd, byte* buffer, nuint length);

    /// <summary>The kernel's records are shorter: each ends after its name's NUL, at <c>d_reclen</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct dirent64
    {
        internal ulong d_ino;
        internal long d_off;
        internal ushort d_reclen;
        internal byte d_type;
        internal name_bytes d_name;
    }

    [InlineArray(256)]
    internal struct name_bytes
    {
        private byte _first;
    }
}
