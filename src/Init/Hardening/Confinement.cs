using System.Globalization;
using Init.Boot;
using Init.Linux;

namespace Init.Hardening;

/// <summary>Gives up, for good, what boot needed and serving does not; then looks whether every thread has.</summary>
/// <remarks>docs/decisions/0012. What is mounted is the machine's to change, before.</remarks>
internal static class Confinement
{
    // reboot(2) is how an enclave ends. The clock is slewed for as long as it runs.
    private const string KeptNames = $"{nameof(Capability.CAP_SYS_BOOT)} and {nameof(Capability.CAP_SYS_TIME)}";

    private static ReadOnlySpan<Capability> Kept => [Capability.CAP_SYS_BOOT, Capability.CAP_SYS_TIME];

    /// <summary>Does it. The main thread's.</summary>
    /// <returns>What holds now, for the console.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    /// <exception cref="StageException">Something holds that must not.</exception>
    public static string Apply(SystemCallRule[] systemCalls)
    {
        ProcessLimits.ForbidNewPrivileges();
        bool isMemorySealed = ProcessLimits.ForbidExecutableMemory();
        ulong kept = Privileges.KeepOnly(Kept);
        SystemCallFilter.Install(systemCalls);
        int threads = Check(kept, ThreadStatus.ReadAll());
        if (MemoryMap.FindWritableAndExecutable() is [string mapping, ..])
        {
            throw new StageException($"memory that can be written and executed: {mapping}");
        }

        int allowed = 0;
        foreach (SystemCallRule rule in systemCalls)
        {
            allowed += rule.Answer == SystemCallAnswer.Allowed ? 1 : 0;
        }

        string memory = isMemorySealed ? "no memory becomes executable" : "the kernel cannot refuse executable memory, the filter does";
        return string.Create(
            CultureInfo.InvariantCulture, $"{threads} threads: {allowed} system calls, {KeptNames}, {memory}");
    }

    /// <summary>Whether threads have given up what they should.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="StageException">One has not.</exception>
    internal static int Check(ulong kept, IReadOnlyList<ThreadStatus> threads)
    {
        foreach (ThreadStatus thread in threads)
        {
            string? left = ((thread.Permitted | thread.Effective) & ~kept) != 0 ? "capabilities"
                : (thread.Inheritable | thread.Ambient) != 0 ? "capabilities to pass on"
                : !thread.HasNoNewPrivileges ? "a way to new privileges"
                : !thread.IsFiltered ? "all system calls"
                : null;
            if (left is not null)
            {
                throw new StageException(string.Create(CultureInfo.InvariantCulture, $"thread {thread.Id} still has {left}"));
            }
        }

        return threads.Count;
    }
}
