namespace Init.Linux.Headers;

/// <summary>sched.h: what makes a clone(2) a thread of this process.</summary>
internal static class sched_h
{
    internal const int CLONE_VM = 0x100;
    internal const int CLONE_SIGHAND = 0x800;
    internal const int CLONE_THREAD = 0x10000;
}
