using System.Diagnostics.CodeAnalysis;
using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>This process's place among others: getpid(2), _exit(2).</summary>
public static class ThisProcess
{
    /// <summary>Whether this is the first process of its PID namespace: the enclave's init, and nobody else's child.</summary>
    public static bool IsFirst => unistd_h.getpid() == 1;

    /// <summary>Ends the process at once; nothing is run or written any more. As PID 1 of a machine this panics the kernel.</summary>
    [DoesNotReturn]
    public static void End(int status)
    {
        unistd_h._exit(status);
        throw new LinuxException("end the process", Errno.ENOSYS);
    }
}
