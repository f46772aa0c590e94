using System.Runtime.InteropServices;

namespace Init.Linux;

/// <summary>Capabilities, and who gives them up: native/init, which is linked into programs that boot, and into no others.</summary>
public static partial class Privileges
{
    private const string Library = "early";

    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Every thread of this process gives up, for good, all capabilities but some: those that it has, those that it may take or inherit,
    /// those that a program could give it (the bounding set), and root's privileges (securebits, locked).
    /// </summary>
    /// <remarks>The kernel keeps these for each thread, so each is sent a signal and gives up its own.</remarks>
    /// <returns>What threads may still do, a bit each; 0 without privileges to begin with.</returns>
    /// <exception cref="LinuxException">ETIMEDOUT: a thread has not done it within a second.</exception>
    public static ulong KeepOnly(params ReadOnlySpan<Capability> kept)
    {
        ulong mask = 0;
        foreach (Capability capability in kept)
        {
            mask |= 1UL << (int)capability;
        }

        int errno = Keep(mask);
        if (errno != 0)
        {
            throw new LinuxException("give up capabilities", (Errno)errno);
        }

        Deadline deadline = Deadline.After(AtMost);
        while (TellThreadsWithMore(mask))
        {
            if (deadline.HasPassed)
            {
                throw new LinuxException("give up capabilities on every thread", Errno.ETIMEDOUT);
            }

            Thread.Yield(); // a look at every thread takes a while by itself
        }

        Forget();
        return mask;
    }

    private static bool TellThreadsWithMore(ulong mask)
    {
        bool isAnyLeft = false;
        foreach (ThreadStatus thread in ThreadStatus.ReadAll())
        {
            if (((thread.Permitted | thread.Effective) & ~mask) != 0 || (thread.Inheritable | thread.Ambient) != 0)
            {
                TellThread(thread.Id);
                isAnyLeft = true;
            }
        }

        return isAnyLeft;
    }

    [LibraryImport(Library, EntryPoint = "early_keep_capabilities")]
    private static partial int Keep(ulong mask);

    [LibraryImport(Library, EntryPoint = "early_tell_thread")]
    private static partial void TellThread(int thread);

    [LibraryImport(Library, EntryPoint = "early_capabilities_given_up")]
    private static partial void Forget();
}
