namespace Init.Linux.Headers;

/// <summary>linux/capability.h, capabilities(7).</summary>
internal static class linux_capability_h
{
    internal const int CAP_SYS_BOOT = 22;
    internal const int CAP_SYS_TIME = 25;
}
