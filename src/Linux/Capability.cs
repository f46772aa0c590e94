using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>The capabilities that the enclave keeps, by their C names: capabilities(7).</summary>
public enum Capability
{
    /// <summary>reboot(2).</summary>
    CAP_SYS_BOOT = linux_capability_h.CAP_SYS_BOOT,

    /// <summary>Setting clocks.</summary>
    CAP_SYS_TIME = linux_capability_h.CAP_SYS_TIME,
}
