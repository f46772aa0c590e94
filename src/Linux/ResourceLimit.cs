using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>What <see cref="ProcessLimits"/> limits: getrlimit(2).</summary>
public enum ResourceLimit
{
    /// <summary>The size of a core dump, in bytes.</summary>
    CoreBytes = sys_resource_h.RLIMIT_CORE,

    /// <summary>One more than the highest descriptor number.</summary>
    Descriptors = sys_resource_h.RLIMIT_NOFILE,

    /// <summary>Memory that may be locked, in bytes.</summary>
    LockedBytes = sys_resource_h.RLIMIT_MEMLOCK,
}
