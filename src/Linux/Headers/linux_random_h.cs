using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>linux/random.h, random(4).</summary>
internal static class linux_random_h
{
    internal const uint RNDGETENTCNT = 0x80045200;
    internal const uint RNDADDENTROPY = 0x40085203;

    /// <summary>Followed by <c>buf_size</c> bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct rand_pool_info
    {
        internal int entropy_count;
        internal int buf_size;
    }
}
