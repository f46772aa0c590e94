using System.Diagnostics.CodeAnalysis;
using Init.Clock;
using Init.Hardening;
using Init.Linux;
using Init.Nsm;
using CrsFiles = Init.Prover.Crs.CrsFolder;

namespace Init.Boot;

/// <summary>The enclave itself: the kernel, /dev/nsm, vsock.</summary>
/// <remarks>
/// As another init's child (nitro-cli's build-enclave puts one into the image) the same is done: what is mounted already is left, and
/// the heartbeat has been sent. The end is a reboot there too: that init would do nothing else when its child ends.
/// </remarks>
internal sealed class EnclaveMachine : IMachine
{
    private const int Backlog = 1024;
    private const int ProverNiceness = 5;
    private const MountOptions Plain = MountOptions.NoSetUserId | MountOptions.NoExecution;
    private const MountOptions Sealed = Plain | MountOptions.NoDevices | MountOptions.ReadOnly;
    private const UnixFileMode FolderMode = (UnixFileMode)0b111_101_101;

    /// <summary>From here on nothing fails in silence.</summary>
    public EnclaveMachine() => LastResort.Arm(Vsock.CidParent);

    /// <inheritdoc/>
    public TimeProvider Time => TimeProvider.System;

    /// <inheritdoc/>
    public nint ImageBase => LastResort.ImageBase;

    /// <inheritdoc/>
    public IMachineClock Clock { get; } = new EnclaveClock();

    /// <inheritdoc/>
    public string CrsFolder => "/crs";

    /// <inheritdoc/>
    public bool NeedsHeartbeat => ThisProcess.IsFirst;

    /// <inheritdoc/>
    public IReadOnlyList<string> MountFileSystems()
    {
        // /dev first: without /dev/urandom the runtime would seed its hashes from the time, once and for all.
        (string Type, string Target, MountOptions Flags)[] table =
        [
            ("devtmpfs", "/dev", Plain),
            ("proc", "/proc", Plain | MountOptions.NoDevices),
            ("sysfs", "/sys", Plain | MountOptions.NoDevices),
        ];
        List<string> mounted = [];
        foreach ((string type, string target, MountOptions flags) in table)
        {
            FileSystem.MakeFolder(target, FolderMode);
            if (FileSystem.Mount(type, target, type, flags))
            {
                mounted.Add(target);
            }
        }

        return mounted;
    }

    /// <inheritdoc/>
    public IDescriptor? OpenConsole()
    {
        using FileDescriptor nothing = FileSystem.Open("/dev/null", OpenOptions.ReadWrite);
        KernelDescriptor? console = TryOpenConsole();

        // After that: they may be the tty's last descriptors, and then closing them waits half a minute for what nobody reads.
        FileSystem.PointStandardStreamsAt(nothing);
        return console;
    }

    /// <inheritdoc/>
    public void ForgetConsole() => LastResort.ForgetConsole();

    /// <inheritdoc/>
    public string ReadCommandLine() => FileSystem.ReadSmallText("/proc/cmdline");

    /// <inheritdoc/>
    public string? ReadMeasuredCommandLine()
    {
        try
        {
            return FileSystem.ReadSmallText("/cmdline");
        }
        catch (LinuxException none) when (none.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public SignalSource OpenSignals() => new(Signal.SIGTERM, Signal.SIGINT, Signal.SIGCHLD);

    /// <inheritdoc/>
    public INsmDevice OpenNsm() => NsmCharacterDevice.Open();

    /// <inheritdoc/>
    public string ReadEntropySource() => FileSystem.ReadSmallText("/sys/class/misc/hw_random/rng_current");

    /// <inheritdoc/>
    public void CreditEntropy(ReadOnlySpan<byte> bytes, int entropyBits)
    {
        using RandomDevice random = new();
        random.Credit(bytes, entropyBits);
    }

    /// <inheritdoc/>
    public bool IsRandomReady() => RandomDevice.IsReady;

    /// <inheritdoc/>
    public int CountEntropyBits()
    {
        using RandomDevice random = new();
        return random.EntropyBits();
    }

    /// <inheritdoc/>
    public string ApplyLimits(ulong descriptors)
    {
        ProcessLimits.Set(ResourceLimit.Descriptors, descriptors, descriptors);
        ProcessLimits.Set(ResourceLimit.CoreBytes, 0, 0);
        ProcessLimits.ForbidDumps();
        ProcessLimits.ForbidNewPrivileges();

        // The prover reserves far more than it touches. A panic must end the enclave at once: PID 1 is what memory exhaustion leaves.
        List<string> done = [$"{descriptors} descriptors", "no core dumps", "no new privileges"];
        foreach ((string name, string value) in new[] { ("vm/overcommit_memory", "1"), ("kernel/panic", "-1"), ("kernel/panic_on_oops", "1") })
        {
            if (TrySet($"/proc/sys/{name}", value))
            {
                done.Add($"{name.Replace('/', '.')}={value}");
            }
        }

        return string.Join(", ", done);
    }

    /// <inheritdoc/>
    public string Confine()
    {
        string root = SealRoot();
        FileSystem.Remount("/dev", Plain | MountOptions.ReadOnly | MountOptions.Bind);
        FileSystem.Remount("/proc", Sealed | MountOptions.Bind);
        FileSystem.Unmount("/sys");
        return $"{root}, {Confinement.Apply(SystemCalls.Table(SocketFamily.AF_VSOCK, Environment.ProcessId))}";
    }

    /// <inheritdoc/>
    public void DropCrsFiles()
    {
        // The root is an initramfs: what is deleted gives its memory back.
        foreach (string name in (string[])[CrsFiles.G1FileName, CrsFiles.GrumpkinFileName, CrsFiles.NewerGrumpkinFileName])
        {
            try
            {
                File.Delete(Path.Combine(CrsFolder, name));
            }
            catch (Exception readOnly) when (readOnly is IOException or UnauthorizedAccessException)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public long ReadAvailableBytes() => MemoryStatus.Read().AvailableBytes;

    /// <inheritdoc/>
    public IDescriptor Listen(uint port) => Vsock.Listen(Vsock.CidAny, port, Backlog);

    /// <inheritdoc/>
    public uint? ClientCid(uint configured) => configured;

    /// <inheritdoc/>
    public IDescriptor ConnectToParent(uint port, TimeSpan timeout) => Vsock.Connect(Vsock.CidParent, port, timeout);

    /// <inheritdoc/>
    public void LowerThreadPriority() => ProcessLimits.SetThreadNiceness(ProverNiceness);

    /// <inheritdoc/>
    [DoesNotReturn]
    public void End(bool failed)
    {
        try
        {
            Power.Reboot();
        }
        catch (LinuxException)
        {
            // Without CAP_SYS_BOOT: the init above us ends the machine, or the kernel panics; kernel.panic says what then.
            ThisProcess.End(failed ? 1 : 0);
        }
    }

    private static KernelDescriptor? TryOpenConsole()
    {
        try
        {
            KernelDescriptor console = FileSystem.OpenConsole("/dev/console");
            LastResort.UseConsole(console);
            return console;
        }
        catch (LinuxException none) when (none.Errno is Errno.ENODEV or Errno.ENXIO or Errno.ENOENT)
        {
            return null;
        }
    }

    // From here on nothing in the enclave can be written but its memory.
    private static string SealRoot()
    {
        try
        {
            FileSystem.Remount("/", Sealed);
            return "root read-only";
        }
        catch (LinuxException inside) when (inside.Errno == Errno.EINVAL && !ThisProcess.IsFirst)
        {
            return "root as the init before us left it"; // a chroot: what is mounted lies outside
        }
    }

    // A kernel without the setting has none to get wrong.
    private static bool TrySet(string path, string value)
    {
        try
        {
            FileSystem.WriteSetting(path, value);
            return true;
        }
        catch (LinuxException missing) when (missing.Errno == Errno.ENOENT)
        {
            return false;
        }
    }
}
