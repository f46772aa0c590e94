namespace Init.Linux.Headers;

/// <summary>sys/syscall.h: the call that the C library has no function for. <see cref="SystemCall"/> has the rest.</summary>
internal static class sys_syscall_h
{
    internal const int SYS_seccomp = 317;
}
