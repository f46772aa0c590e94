namespace Init.Linux.Headers;

/// <summary>linux/audit.h: the name of an ABI.</summary>
internal static class linux_audit_h
{
    internal const uint AUDIT_ARCH_X86_64 = 0xC000003E;
}
