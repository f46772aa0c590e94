using System.Globalization;
using Init.Configuration;
using Init.Handlers;
using Init.Lifecycle;
using Init.Prover;
using Init.Prover.Barretenberg;
using Init.Prover.Crs;
using Init.Proving;
using Init.Server;
using Init.Wire;

namespace Init.Boot;

/// <content>The service: CRS, prover, listener, heartbeat, server.</content>
internal sealed partial class BootStages
{
    // Of garbage and what lives, which is less than one of them.
    private const long WorthCollectingBytes = 8 << 20;

    private static readonly TimeSpan HeartbeatPause = TimeSpan.FromMilliseconds(200);

    private StageResult LoadCrs()
    {
        CrsOptions options = new()
        {
            MaxPoints = _settings.CrsPoints,
            G1Sha256 = _settings.CrsSha256,
            G2Sha256 = _settings.CrsG2Sha256,
            GrumpkinSha256 = _settings.CrsGrumpkinSha256,
        };
        _crs = CrsFolder.Load(machine.CrsFolder, options);
        machine.DropCrsFiles();
        string pinned = _settings.CrsSha256 is null ? "not pinned" : "as pinned";
        return StageResult.Done(string.Create(
            CultureInfo.InvariantCulture, $"{_crs.G1PointCount} points of BN254, {_crs.GrumpkinPointCount} of Grumpkin, {pinned}"));
    }

    private StageResult CreateProver()
    {
        ProverOptions options = _settings.Threads == 0 ? new ProverOptions() : new ProverOptions { Threads = _settings.Threads };
        _prover = BarretenbergProver.Create(options, _crs!);
        _crs = null; // the prover has its own copy
        if (GC.GetTotalMemory(forceFullCollection: false) > WorthCollectingBytes)
        {
            // As much as the CRS itself: what loading it has left behind.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        ProverStatistics statistics = _prover.Statistics;
        return StageResult.Done(string.Create(
            CultureInfo.InvariantCulture,
            $"Barretenberg {BuildIdentity.ProverVersion}, SRS {statistics.SrsKind}, {options.Threads} threads, "
                + $"snapshot {MiB(statistics.SnapshotBytes)}"));
    }

    // Clients that come from now on wait in the backlog until boot is over: nobody is served before PCR16 is locked.
    private StageResult Listen()
    {
        _listener = machine.Listen(_settings.Port);
        return StageResult.Done(string.Create(CultureInfo.InvariantCulture, $"port {_settings.Port}"));
    }

    private StageResult SendHeartbeat()
    {
        if (_settings.Heartbeat == HeartbeatPolicy.Off)
        {
            return StageResult.Skipped("off");
        }

        if (!machine.NeedsHeartbeat)
        {
            return StageResult.Skipped("sent by the init before us");
        }

        return Heartbeat.Send(machine, HeartbeatPause) switch
        {
            null => StageResult.Done("echoed"),
            { } failure when _settings.Heartbeat == HeartbeatPolicy.Optional => StageResult.Tolerated(failure),
            { } failure => throw new StageException(failure),
        };
    }

    private StageResult Serve(BootSequence sequence)
    {
        MemoryPlan memory = MemoryPlan.For(_settings, machine.ReadAvailableBytes());
        ServerSettings settings = ServerSettingsOf(_settings, memory);
        EnclaveServices services = new()
        {
            Identity = IdentityOf(),
            Health = new BootHealth(machine.Time, startTimestamp, sequence, _entropy!, _clock!, console),
            Nsm = _nsm!,
            Keys = _keys!,
            RequiresSealed = _settings.RequiresSealed,
            Prover = _prover!,
            Proofs = new ProofQueue(_prover!, ProvingLimitsOf(_settings, memory), machine.Time, machine.LowerThreadPriority),
            Circuits = new CircuitStore(_settings.Circuits, memory.CircuitBytes),
            Limits = settings.Limits,
            Memory = memory,
            DrainWithin = _settings.Drain,
            Time = machine.Time,
        };
        _server = new EnclaveServer(_listener!, machine.ClientCid(_settings.HostCid), settings, services.CreateRouter, machine.Time);
        MainLoop = new MainLoop(machine.Time, _signals!, _clock!, _server, _settings.Drain);
        _listener = null;
        _server.Start();
        TimeSpan uptime = machine.Time.GetElapsedTime(startTimestamp);
        return StageResult.Done(string.Create(
            CultureInfo.InvariantCulture, $"{(long)uptime.TotalMilliseconds} ms after the start, "
                + $"{MiB(memory.ProvingBytes)} for proofs, {MiB(memory.MessageBytes)} for messages, {MiB(memory.CircuitBytes)} for circuits"));
    }

    private EnclaveIdentity IdentityOf() => new()
    {
        Server = BuildIdentity.Server,
        ServerVersion = BuildIdentity.ServerVersion,
        ProverVersion = BuildIdentity.ProverVersion,
        SrsKind = _prover!.Statistics.SrsKind,
        ConfigurationDigest = _configurationDigest,
        ModuleId = _module!.ModuleId,
        ShutdownAllowed = _settings.AllowsShutdown,
    };

    private static ServerSettings ServerSettingsOf(EnclaveSettings settings, MemoryPlan memory) => new()
    {
        Limits = ServerLimits.Default with
        {
            Connections = (uint)settings.Connections,
            ConnectionRequests = (uint)settings.ConnectionRequests,
            Requests = (uint)settings.Requests,
            MessageBytes = (uint)Math.Min(ServerLimits.Default.MessageBytes, memory.MessageBytes),
            BytesInFlight = (ulong)memory.MessageBytes,
            Proofs = (uint)settings.Proofs,
            ProveQueue = (uint)settings.ProveQueue,
            Circuits = (uint)settings.Circuits,
            CircuitBytes = (ulong)memory.CircuitBytes,
        },
    };

    private static ProvingLimits ProvingLimitsOf(EnclaveSettings settings, MemoryPlan memory) => new()
    {
        ProofsAtATime = settings.Proofs,
        ProofQueueLength = settings.ProveQueue,
        MemoryBytes = memory.ProvingBytes,
    };
}
