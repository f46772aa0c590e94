using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Init.Boot;
using Init.Clock;
using Init.Hardening;
using Init.Linux;
using Init.Nsm;
using Init.Simulator.SoftwareNsm;

namespace Init.InitProcess;

/// <summary>An ordinary process in the enclave's place. What is the machine's (mounts, clock, entropy, limits) is left alone.</summary>
internal sealed class ProcessMachine(ProcessArguments arguments) : IMachine
{
    private const int Backlog = 1024;
    private const int ProverNiceness = 5;
    private const int FailureStatus = 1;

    // Of a fatal signal nobody is told: there is no vsock.
    static ProcessMachine() => LastResort.Arm(reportCid: 0);

    public TimeProvider Time => TimeProvider.System;

    public nint ImageBase => LastResort.ImageBase;

    public IMachineClock Clock { get; } = new ProcessClock();

    public string CrsFolder => arguments.Crs;

    public bool NeedsHeartbeat => arguments.Parent is not null;

    public IReadOnlyList<string> MountFileSystems() => [];

    public IDescriptor? OpenConsole()
    {
        KernelDescriptor console = arguments.Console is { } path
            ? FileSystem.OpenConsole(path)
            : new KernelDescriptor(new FileDescriptor(2));
        LastResort.UseConsole(console);
        return console;
    }

    public void ForgetConsole() => LastResort.ForgetConsole();

    public string ReadCommandLine() => arguments.CommandLine;

    public string? ReadMeasuredCommandLine() => null;

    public SignalSource OpenSignals() => new(Signal.SIGTERM, Signal.SIGINT, Signal.SIGCHLD);

    public INsmDevice OpenNsm() => new UnixSocketNsmDevice(arguments.Nsm, UnixSocketNsmDevice.DriverTimeout);

    public string ReadEntropySource() => arguments.Rng;

    // Mixed in without credit, which takes root: the machine's generator was seeded long ago.
    public void CreditEntropy(ReadOnlySpan<byte> bytes, int entropyBits)
    {
        using KernelDescriptor random = new(FileSystem.Open("/dev/urandom", OpenOptions.WriteOnly));
        DescriptorIo.Write(random, bytes);
    }

    public bool IsRandomReady() => RandomDevice.IsReady;

    public int CountEntropyBits()
    {
        using RandomDevice random = new("/dev/urandom");
        return random.EntropyBits();
    }

    public string ApplyLimits(ulong descriptors)
    {
        (_, ulong hard) = ProcessLimits.Get(ResourceLimit.Descriptors);
        ulong wanted = Math.Min(descriptors, hard);
        ProcessLimits.Set(ResourceLimit.Descriptors, wanted, hard);
        return string.Create(CultureInfo.InvariantCulture, $"{wanted} descriptors; the rest is left to the machine");
    }

    // As the enclave does, but for what is mounted. The software NSM is connected already.
    public string Confine()
    {
        SystemCallRule connecting = new(SystemCall.fcntl, "a Unix socket waits to connect, and not afterwards", ArgumentCheck.DescriptorFlags);
        List<SystemCallRule> table = [.. SystemCalls.Table(SocketFamily.AF_UNIX, Environment.ProcessId), connecting];
        if (arguments.Unfiltered is { } unfiltered)
        {
            table.RemoveAll(rule => rule.Call == unfiltered);
            table.Add(new(unfiltered, "a test looks what else there is"));
        }

        string confined = Confinement.Apply([.. table]);
        Crash.Call(arguments.Call);
        return confined;
    }

    public void DropCrsFiles()
    {
    }

    public long ReadAvailableBytes() => MemoryStatus.Read().AvailableBytes;

    public IDescriptor Listen(uint port) => UnixSocket.Listen(arguments.Listen, Backlog);

    public uint? ClientCid(uint configured) => null;

    public IDescriptor ConnectToParent(uint port, TimeSpan timeout) => arguments.Parent is { } folder
        ? UnixSocket.Connect(Path.Combine(folder, port.ToString(CultureInfo.InvariantCulture)), timeout)
        : throw new LinuxException("connect to the parent", Errno.ENODEV);

    public void LowerThreadPriority()
    {
        Crash.Now(arguments.Crash);
        try
        {
            ProcessLimits.SetThreadNiceness(ProverNiceness);
        }
        catch (LinuxException less) when (less.Errno == Errno.EACCES)
        {
            // It was started with less of the processor than that.
        }
    }

    // As PID 1 of a namespace as an enclave would: reboot(2) then ends the namespace (pid_namespaces(7)).
    [DoesNotReturn]
    public void End(bool failed)
    {
        if (ThisProcess.IsFirst)
        {
            Power.Reboot();
        }

        ThisProcess.End(failed ? FailureStatus : 0);
    }
}
