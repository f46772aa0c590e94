namespace Init.Linux.Headers;

/// <summary>linux/futex.h, futex(2).</summary>
internal static class linux_futex_h
{
    internal const int FUTEX_WAIT = 0;
    internal const int FUTEX_WAKE = 1;
    internal const int FUTEX_WAIT_BITSET = 9;
    internal const int FUTEX_WAKE_BITSET = 10;
    internal const int FUTEX_PRIVATE_FLAG = 128;
    internal const int FUTEX_CLOCK_REALTIME = 256;
}
