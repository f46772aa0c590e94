using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/un.h, unix(7).</summary>
internal static class sys_un_h
{
    [StructLayout(LayoutKind.Sequential)]
    internal struct sockaddr_un
    {
        internal ushort sun_family;
        internal sun_path_bytes sun_path;
    }

    [InlineArray(108)]
    internal struct sun_path_bytes
    {
        private byte _first;
    }
}
