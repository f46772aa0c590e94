using System.Diagnostics.CodeAnalysis;
using Init.Clock;
using Init.Linux;
using Init.Nsm;

namespace Init.Boot;

/// <summary>What differs between an enclave and an ordinary process that stands in for one. Boot decides, a machine does.</summary>
/// <remarks>
/// Unless it says otherwise, a member throws <see cref="LinuxException"/> and nothing else, and is for the main thread.
/// </remarks>
internal interface IMachine
{
    /// <summary>Monotonic time, for every deadline.</summary>
    TimeProvider Time { get; }

    /// <summary>Where the executable was loaded; 0 where there is none of its own. Any thread.</summary>
    nint ImageBase { get; }

    /// <summary>The clocks.</summary>
    IMachineClock Clock { get; }

    /// <summary>Where the CRS is. Any thread.</summary>
    string CrsFolder { get; }

    /// <summary>Whether the parent waits for a heartbeat; false when another init has sent it.</summary>
    bool NeedsHeartbeat { get; }

    /// <summary>Mounts what the process needs, /dev first.</summary>
    /// <returns>What was mounted, for the console; what another init had mounted is not in it.</returns>
    IReadOnlyList<string> MountFileSystems();

    /// <summary>Opens the console so that no write to it waits, and takes descriptors 0 to 2 off it. Null: there is none.</summary>
    IDescriptor? OpenConsole();

    /// <summary>Boot's console is about to be closed: nothing may write to it any more.</summary>
    void ForgetConsole();

    /// <summary>The kernel's command line.</summary>
    string ReadCommandLine();

    /// <summary>The command line that was measured with the image; null where the image does not say.</summary>
    string? ReadMeasuredCommandLine();

    /// <summary>SIGTERM, SIGINT and SIGCHLD as something to read.</summary>
    SignalSource OpenSignals();

    /// <summary>Opens the NSM, once.</summary>
    /// <exception cref="NsmException">There is none.</exception>
    INsmDevice OpenNsm();

    /// <summary>The source that feeds the kernel's random number generator, with or without white space around it.</summary>
    string ReadEntropySource();

    /// <summary>Mixes secret random bytes into the kernel's generator and credits entropy for them.</summary>
    void CreditEntropy(ReadOnlySpan<byte> bytes, int entropyBits);

    /// <summary>Whether getrandom(2) gives without waiting.</summary>
    bool IsRandomReady();

    /// <summary>The entropy that the kernel counts, in bits.</summary>
    int CountEntropyBits();

    /// <summary>Limits of the process, and the kernel's settings that it needs.</summary>
    /// <param name="descriptors">How many descriptors it may need.</param>
    /// <returns>What holds now, for the console.</returns>
    string ApplyLimits(ulong descriptors);

    /// <summary>Gives up, for good, what boot needed and serving does not.</summary>
    /// <returns>What holds now, for the console.</returns>
    /// <exception cref="StageException">Something holds that must not.</exception>
    string Confine();

    /// <summary>The CRS has been read: its files may go, where they take memory. Never fails. Any thread.</summary>
    void DropCrsFiles();

    /// <summary>Memory that could still be taken, in bytes.</summary>
    long ReadAvailableBytes();

    /// <summary>A listening socket, non-blocking.</summary>
    IDescriptor Listen(uint port);

    /// <summary>The CID that clients must have; null where connections have none.</summary>
    /// <param name="configured">The setting.</param>
    uint? ClientCid(uint configured);

    /// <summary>Connects to a service of the parent. Any thread.</summary>
    IDescriptor ConnectToParent(uint port, TimeSpan timeout);

    /// <summary>Gives the calling thread, and those it starts, less of the processor than others. Any thread.</summary>
    void LowerThreadPriority();

    /// <summary>Ends the machine, whatever happens. Any thread.</summary>
    [DoesNotReturn]
    void End(bool failed);
}
