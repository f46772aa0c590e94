using System.Diagnostics.CodeAnalysis;
using Init.Boot;
using Init.Clock;
using Init.Linux;
using Init.Nsm;
using Init.Simulator.SoftwareNsm;
using Init.Testing;

namespace Init.Init.Tests.Boot;

/// <summary>A machine where everything works until a test says otherwise. Its end is an exception.</summary>
internal sealed class FakeMachine : IMachine
{
    public ManualTime ManualTime { get; } = new();

    public MemoryDescriptor Console { get; } = new();

    public Func<IReadOnlyList<string>> Mount { get; set; } = () => ["/dev", "/proc", "/sys"];

    public Func<IDescriptor?>? Open { get; set; }

    public string CommandLine { get; set; } = "console=ttyS0";

    public string? MeasuredCommandLine { get; set; }

    public Func<SignalSource> Signals { get; set; } = () => new SignalSource(Signal.SIGUSR2);

    public Func<INsmDevice>? Nsm { get; set; }

    public string EntropySource { get; set; } = "nsm-hwrng\n";

    public List<(byte[] Bytes, int Bits)> Credited { get; } = [];

    public bool RandomReady { get; set; } = true;

    public Func<string> Limits { get; set; } = () => "1280 descriptors";

    public string CrsFolder { get; set; } = "/nonexistent/crs";

    public Func<uint, IDescriptor> Parent { get; set; } = port => throw new LinuxException($"connect to vsock 3:{port}", Errno.ECONNRESET);

    public bool NeedsHeartbeat { get; set; } = true;

    public bool? EndedAsFailed { get; private set; }

    public TimeProvider Time => ManualTime;

    public nint ImageBase => 0;

    public IMachineClock Clock { get; set; } = new StillClock();

    public SoftwareNsmDevice Module { get; } = new(new SoftwareNsmOptions { IsUnsigned = true }, TimeProvider.System);

    public IReadOnlyList<string> MountFileSystems() => Mount();

    public IDescriptor? OpenConsole() => Open is null ? Console : Open();

    public void ForgetConsole()
    {
    }

    public string ReadCommandLine() => CommandLine;

    public string? ReadMeasuredCommandLine() => MeasuredCommandLine;

    public SignalSource OpenSignals() => Signals();

    public INsmDevice OpenNsm() => Nsm is null ? Module : Nsm();

    public string ReadEntropySource() => EntropySource;

    public void CreditEntropy(ReadOnlySpan<byte> bytes, int entropyBits) => Credited.Add((bytes.ToArray(), entropyBits));

    public bool IsRandomReady() => RandomReady;

    public int CountEntropyBits() => 256;

    public string ApplyLimits(ulong descriptors) => Limits();

    public string Confine() => "confined";

    public void DropCrsFiles()
    {
    }

    public long ReadAvailableBytes() => 4L << 30;

    public IDescriptor Listen(uint port) => new MemoryDescriptor();

    public uint? ClientCid(uint configured) => configured;

    public IDescriptor ConnectToParent(uint port, TimeSpan timeout) => Parent(port);

    public void LowerThreadPriority()
    {
    }

    [DoesNotReturn]
    public void End(bool failed)
    {
        EndedAsFailed = failed;
        throw new MachineEndedException();
    }

    /// <summary>Stands still and takes corrections.</summary>
    internal sealed class StillClock : IMachineClock
    {
        public long RawNs => 1_000_000_000;

        public long WallNs { get; private set; } = 1_000_000_000;

        public string Clocksource => "kvm-clock";

        public long? ReadDeviceNs() => null;

        public void Step(long unixNs) => WallNs = unixNs;

        public void Slew(TimeSpan offset)
        {
        }

        public void SetFrequency(double partsPerMillion)
        {
        }
    }
}
