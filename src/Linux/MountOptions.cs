using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>mount(2)'s flags.</summary>
[Flags]
public enum MountOptions
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Nothing can be written.</summary>
    ReadOnly = (int)sys_mount_h.MS_RDONLY,

    /// <summary>Set-user-id bits count for nothing.</summary>
    NoSetUserId = (int)sys_mount_h.MS_NOSUID,

    /// <summary>Device nodes cannot be opened.</summary>
    NoDevices = (int)sys_mount_h.MS_NODEV,

    /// <summary>Nothing can be executed.</summary>
    NoExecution = (int)sys_mount_h.MS_NOEXEC,

    /// <summary>Changes the flags of what is mounted.</summary>
    Remount = (int)sys_mount_h.MS_REMOUNT,

    /// <summary>Shows a folder at a second place.</summary>
    Bind = (int)sys_mount_h.MS_BIND,

    /// <summary>With everything below.</summary>
    Recursive = (int)sys_mount_h.MS_REC,

    /// <summary>What happens here is not seen in other mount namespaces.</summary>
    Private = (int)sys_mount_h.MS_PRIVATE,
}
