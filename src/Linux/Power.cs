using System.Diagnostics.CodeAnalysis;
using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>The end of the machine: reboot(2).</summary>
public static class Power
{
    /// <summary>
    /// Ends the machine at once (RB_AUTOBOOT). Nothing is written back: an enclave has no disk. Under <c>reboot=k</c> this is how an enclave
    /// terminates; a PID 1 that exits panics the kernel, and without ACPI a power-off can leave the machine alive.
    /// </summary>
    /// <exception cref="LinuxException">EPERM: no CAP_SYS_BOOT. There is no other way to return.</exception>
    [DoesNotReturn]
    public static void Reboot()
    {
        _ = sys_reboot_h.reboot(sys_reboot_h.RB_AUTOBOOT);
        throw LinuxException.FromLastError("reboot");
    }
}
