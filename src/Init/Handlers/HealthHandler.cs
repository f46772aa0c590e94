using Init.Configuration;
using Init.Linux;
using Init.Nsm;
using Init.Prover;
using Init.Proving;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>How the enclave is. Reads counters, waits for nothing: neither the NSM nor the prover is asked.</summary>
internal sealed class HealthHandler(
    IEnclaveHealth enclave, INsm nsm, IProver prover, ProofQueue proofs, CircuitStore circuits, MemoryPlan plan, IServerControl server)
    : RequestHandler<HealthRequest>(Operation.Health)
{
    /// <inheritdoc/>
    protected override ValueTask<Reply> HandleAsync(HealthRequest request, IRequestContext context)
    {
        (ProcessStatus process, MemoryStatus memory) = ReadProc();
        ServerCounters counters = server.Counters;
        return ValueTask.FromResult<Reply>(new HealthReply
        {
            UptimeMs = (ulong)enclave.Uptime.TotalMilliseconds,
            Stages = enclave.Stages,
            Entropy = enclave.Entropy,
            Clock = enclave.Clock,
            Nsm = OfNsm(nsm.Counters),
            Connections = OfConnections(counters),
            Requests = OfRequests(counters),
            Prover = OfProver(prover.Statistics),
            Circuits = OfCircuits(),
            Memory = OfMemory(process, memory),
            Descriptors = (ulong)process.Descriptors,
            Threads = (ulong)process.Threads,
            ContextSwitches = new ContextSwitchHealth
            {
                Voluntary = (ulong)process.VoluntarySwitches,
                Involuntary = (ulong)process.InvoluntarySwitches,
            },
            DroppedConsoleLines = (ulong)enclave.DroppedConsoleLines,
        });
    }

    // Health is asked most when something is wrong, such as no descriptor being left for /proc.
    private static (ProcessStatus Process, MemoryStatus Memory) ReadProc()
    {
        try
        {
            return (ProcessStatus.Read(), MemoryStatus.Read());
        }
        catch (LinuxException)
        {
            return default;
        }
    }

    private MemoryHealth OfMemory(ProcessStatus process, MemoryStatus memory) => new()
    {
        RssBytes = (ulong)process.ResidentBytes,
        ManagedHeapBytes = (ulong)GC.GetTotalMemory(forceFullCollection: false),
        LimitBytes = (ulong)memory.TotalBytes,
        AvailableBytes = (ulong)memory.AvailableBytes,
        MessageBytes = (ulong)plan.MessageBytes,
        CircuitBytes = (ulong)plan.CircuitBytes,
        ProvingBytes = (ulong)plan.ProvingBytes,
    };

    private static NsmHealth OfNsm(NsmCounters counters) => new()
    {
        Calls = (ulong)counters.Calls.Values.Sum(),
        Errors = [.. counters.Errors.Select(e => new NamedCount(e.Key.ToString(), (ulong)e.Value))],
        IsLost = counters.IsLost,
        Queued = (ulong)counters.Queued,
        LastLatencyUs = (ulong)counters.LastLatency.TotalMicroseconds,
        Opens = (ulong)counters.DeviceOpens,
    };

    private static ConnectionHealth OfConnections(ServerCounters counters) => new()
    {
        Open = (ulong)counters.Connections,
        Accepted = (ulong)counters.Events[ServerEvent.Accepted],
        Refused = (ulong)(counters.Events[ServerEvent.Stranger] + counters.Events[ServerEvent.TurnedAway]),
        Evicted =
        [
            new NamedCount("frame", (ulong)counters.Events[ServerEvent.EvictedInFrame]),
            new NamedCount("message", (ulong)counters.Events[ServerEvent.EvictedInMessage]),
            new NamedCount("idle", (ulong)counters.Events[ServerEvent.EvictedIdle]),
            new NamedCount("unread", (ulong)counters.Events[ServerEvent.EvictedUnread]),
            new NamedCount("malformed", (ulong)counters.Events[ServerEvent.Malformed]),
            new NamedCount("fault", (ulong)counters.Events[ServerEvent.Fault]),
        ],
    };

    private static RequestHealth OfRequests(ServerCounters counters) => new()
    {
        InFlight = (ulong)counters.Requests,
        Done = (ulong)counters.Replies,
        Errors = [.. counters.Errors.Select(e => new ErrorCount(e.Key, (ulong)e.Value))],
        BytesInFlight = (ulong)counters.Bytes,
    };

    private ProverHealth OfProver(ProverStatistics statistics)
    {
        LaneStatistics proving = proofs.Proofs, verifying = proofs.Verifications;
        return new ProverHealth
        {
            Queued = (ulong)(proving.Waiting + verifying.Waiting),
            Running = (ulong)(proving.Running + verifying.Running),
            Done = (ulong)(proving.Done + verifying.Done),
            Failed = [.. statistics.Failures.Select(f => new NamedCount(f.Key.ToString(), (ulong)f.Value))],
            InstancesOpened = (ulong)statistics.InstancesOpened,
            PeakMemoryBytes = (ulong)statistics.PeakMemoryBytes,
            SrsKind = statistics.SrsKind,
        };
    }

    private CircuitStoreHealth OfCircuits()
    {
        CircuitStoreStatistics stored = circuits.Statistics;
        return new CircuitStoreHealth
        {
            Circuits = (ulong)stored.Circuits,
            Bytes = (ulong)stored.Bytes,
            Evictions = (ulong)stored.Evictions,
        };
    }
}
