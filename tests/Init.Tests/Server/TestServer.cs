using Init.Configuration;
using Init.Handlers;
using Init.Init.Tests.Proving;
using Init.Linux;
using Init.Nsm;
using Init.Proving;
using Init.Sealing;
using Init.Server;
using Init.Simulator.SoftwareNsm;
using Init.Testing;
using Init.Wire;

namespace Init.Init.Tests.Server;

/// <summary>The server and its handlers over a Unix socket; only the prover and the NSM are not the enclave's.</summary>
internal sealed class TestServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _path;
    private readonly NsmSession _nsm;

    public TestServer(
        ServerSettings? settings = null,
        ManualTime? time = null,
        ProvingLimits? proving = null,
        INsmDevice? device = null,
        Func<IDescriptor, IDescriptor>? listen = null,
        uint? parentCid = null,
        bool shutdownAllowed = true,
        bool requiresSealed = false,
        string? socketPath = null)
    {
        _path = socketPath ?? Path.Combine(Path.GetTempPath(), $"init-{Environment.ProcessId}-{Guid.NewGuid():N}.sock");
        TimeProvider clock = time ?? TimeProvider.System;
        Time = time;
        _nsm = new NsmSession(device ?? new SoftwareNsmDevice(new SoftwareNsmOptions { IsUnsigned = true }, TimeProvider.System), TimeProvider.System);
        Proofs = new ProofQueue(Prover, proving ?? new ProvingLimits(), clock, () => ProcessLimits.SetThreadNiceness(5));
        Services = new EnclaveServices
        {
            Memory = MemoryPlan.For(new EnclaveSettings(), 4L << 30),
            Identity = new EnclaveIdentity
            {
                Server = "test",
                ServerVersion = "1",
                ProverVersion = "0",
                SrsKind = "fake",
                ConfigurationDigest = new byte[WireLimits.ConfigurationDigestBytes],
                ModuleId = "i-test",
                ShutdownAllowed = shutdownAllowed,
            },
            Health = new StillHealth(),
            Nsm = _nsm,
            Keys = new KeyRing(new KeyRingOptions(), clock),
            RequiresSealed = requiresSealed,
            Prover = Prover,
            Proofs = Proofs,
            Circuits = new CircuitStore(64, 256 << 20),
            Limits = (settings ?? new ServerSettings()).Limits,
            DrainWithin = TimeSpan.FromSeconds(30),
            Time = clock,
        };
        IDescriptor listener = UnixSocket.Listen(_path, 4096);
        Server = new EnclaveServer(listen?.Invoke(listener) ?? listener, parentCid, settings ?? new ServerSettings(), Services.CreateRouter, clock);
        Server.Start();
    }

    public ManualTime? Time { get; }

    public EnclaveServer Server { get; }

    public EnclaveServices Services { get; }

    public FakeProver Prover { get; } = new();

    public ProofQueue Proofs { get; }

    public ServerCounters Counters => Server.Counters;

    /// <summary>Where it listens.</summary>
    public string SocketPath => _path;

    public RawClient Connect() => new(UnixSocket.Connect(_path, Patience));

    /// <summary>Waits until something another thread does is done.</summary>
    public static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience));

    /// <summary>Waits until something holds of the server.</summary>
    public void Until(Func<ServerCounters, bool> condition) => Until(() => condition(Counters));

    /// <summary>Moves the clock and lets the server look at it.</summary>
    public void Advance(TimeSpan by)
    {
        Time!.Advance(by);
        Server.Wake();
    }

    public void Dispose()
    {
        Server.Dispose();
        Proofs.Dispose();
        Prover.Dispose();
        _nsm.Dispose();
        Services.Keys.Dispose();
        File.Delete(_path);
    }

    private sealed class StillHealth : IEnclaveHealth
    {
        public TimeSpan Uptime => TimeSpan.FromSeconds(1);

        public IReadOnlyList<StageHealth> Stages => [];

        public EntropyHealth Entropy => new() { Source = "test", CreditedBytes = 0, KernelBits = 0 };

        public ClockHealth Clock => new()
        {
            Source = "test",
            OffsetUs = 0,
            DriftPpb = 0,
            LastSyncAgeMs = null,
            Syncs = 0,
            Steps = 0,
            RejectedSamples = 0,
            Clocksource = "test",
        };

        public long DroppedConsoleLines => 0;
    }
}
