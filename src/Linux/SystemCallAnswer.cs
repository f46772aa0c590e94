namespace Init.Linux;

/// <summary>What a filter does with a call that its table names. With any other it ends the process.</summary>
public enum SystemCallAnswer
{
    /// <summary>The kernel does it.</summary>
    Allowed,

    /// <summary>It fails with ENOSYS, as in a kernel that does not have it: the caller knows another way.</summary>
    NotImplemented,
}
