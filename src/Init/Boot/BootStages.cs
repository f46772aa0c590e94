using Init.Clock;
using Init.Configuration;
using Init.Console;
using Init.Lifecycle;
using Init.Linux;
using Init.Nsm;
using Init.Prover.Barretenberg;
using Init.Prover.Crs;
using Init.Sealing;
using Init.Server;
using Init.Wire;

namespace Init.Boot;

/// <summary>The table of boot, and what its stages make for each other. The composition root.</summary>
/// <remarks>
/// The main thread's, but for the fields of a stage that runs beside others. A field is set by the stage that its comment names and used by
/// later ones only: by those from the one on that needs the stage, where it runs beside. docs/boot.md shows the table.
/// </remarks>
/// <param name="machine">What is booted.</param>
/// <param name="console">Opened by the second stage.</param>
/// <param name="startTimestamp">When the process began, by the machine's time.</param>
internal sealed partial class BootStages(IMachine machine, BootConsole console, long startTimestamp) : IDisposable
{
    // Less than the stages' own deadlines, so that the failure names the call.
    private static readonly TimeSpan NsmCallTime = TimeSpan.FromSeconds(4);

    private EnclaveSettings _settings = new(); // arguments
    private SignalSource? _signals; // signals
    private NsmSession? _nsm; // nsm
    private NsmDescription? _module; // nsm
    private EntropyHealth? _entropy; // entropy
    private ClockKeeper? _clock; // clock
    private KeyRing? _keys; // keys
    private ReferenceString? _crs; // crs, until prover has it
    private BarretenbergProver? _prover; // prover
    private IDescriptor? _listener; // listener, until ready gives it to the server
    private byte[] _configurationDigest = []; // measurement
    private EnclaveServer? _server; // ready

    /// <summary>What goes on after boot. Set by the last stage.</summary>
    public MainLoop? MainLoop { get; private set; }

    /// <summary>The stages, in order.</summary>
    /// <param name="sequence">Runs them; health reports what it ran.</param>
    public IReadOnlyList<Stage> Table(BootSequence sequence) =>
    [
        new("filesystems", TimeSpan.FromSeconds(2), MountFileSystems),
        new("console", TimeSpan.FromSeconds(1), OpenConsole),
        new("arguments", TimeSpan.FromSeconds(1), ReadArguments),
        new("signals", TimeSpan.FromSeconds(1), OpenSignals),
        new("limits", TimeSpan.FromSeconds(1), ApplyLimits),
        new("crs", TimeSpan.FromSeconds(120), LoadCrs) { NeededBy = "prover" },
        new("nsm", TimeSpan.FromSeconds(5), OpenNsm),
        new("entropy", TimeSpan.FromSeconds(5), SeedEntropy),
        new("keys", TimeSpan.FromSeconds(5), MakeKeys) { NeededBy = "hardening" },
        new("clock", TimeSpan.FromSeconds(5), SetClock),
        new("prover", TimeSpan.FromSeconds(120), CreateProver) { NeededBy = "heartbeat" },
        new("measurement", TimeSpan.FromSeconds(5), MeasureConfiguration),
        new("listener", TimeSpan.FromSeconds(1), Listen),
        new("heartbeat", TimeSpan.FromSeconds(5), SendHeartbeat),
        new("hardening", TimeSpan.FromSeconds(5), Harden),
        new("ready", TimeSpan.FromSeconds(5), () => Serve(sequence)),
    ];

    /// <summary>For tests: in an enclave what boot makes lives until the machine ends.</summary>
    public void Dispose()
    {
        _server?.Dispose();
        MainLoop?.Dispose();
        _listener?.Dispose();
        _prover?.Dispose();
        _keys?.Dispose();
        _nsm?.Dispose();
        _signals?.Dispose();
    }
}
