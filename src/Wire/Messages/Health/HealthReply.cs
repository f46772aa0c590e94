namespace Init.Wire;

/// <summary>How the enclave is. A reading, not a live view.</summary>
public sealed record HealthReply : Reply
{
    /// <summary>Since the process began.</summary>
    public required ulong UptimeMs { get; init; }

    /// <summary>The boot, in order.</summary>
    public required IReadOnlyList<StageHealth> Stages { get; init; }

    /// <summary>The random number generator.</summary>
    public required EntropyHealth Entropy { get; init; }

    /// <summary>The clock.</summary>
    public required ClockHealth Clock { get; init; }

    /// <summary>The Nitro Security Module.</summary>
    public required NsmHealth Nsm { get; init; }

    /// <summary>Connections.</summary>
    public required ConnectionHealth Connections { get; init; }

    /// <summary>Requests.</summary>
    public required RequestHealth Requests { get; init; }

    /// <summary>The prover.</summary>
    public required ProverHealth Prover { get; init; }

    /// <summary>Stored circuits.</summary>
    public required CircuitStoreHealth Circuits { get; init; }

    /// <summary>Memory.</summary>
    public required MemoryHealth Memory { get; init; }

    /// <summary>Open descriptors of the process.</summary>
    public required ulong Descriptors { get; init; }

    /// <summary>Threads of the process.</summary>
    public required ulong Threads { get; init; }

    /// <summary>Context switches of the process.</summary>
    public required ContextSwitchHealth ContextSwitches { get; init; }

    /// <summary>Lines that the console had no room for.</summary>
    public required ulong DroppedConsoleLines { get; init; }

    /// <inheritdoc/>
    public override Operation Operation => Operation.Health;

    internal override void WriteResult(ref CborWriter writer)
    {
        writer.WriteMapHeader(14);
        writer.WriteUInt64(1);
        writer.WriteUInt64(UptimeMs);
        writer.WriteUInt64(2);
        StageHealth.WriteAll(ref writer, Stages);
        writer.WriteUInt64(3);
        Entropy.Write(ref writer);
        writer.WriteUInt64(4);
        Clock.Write(ref writer);
        writer.WriteUInt64(5);
        Nsm.Write(ref writer);
        writer.WriteUInt64(6);
        Connections.Write(ref writer);
        writer.WriteUInt64(7);
        Requests.Write(ref writer);
        writer.WriteUInt64(8);
        Prover.Write(ref writer);
        writer.WriteUInt64(9);
        Circuits.Write(ref writer);
        writer.WriteUInt64(10);
        Memory.Write(ref writer);
        writer.WriteUInt64(11);
        writer.WriteUInt64(Descriptors);
        writer.WriteUInt64(12);
        writer.WriteUInt64(Threads);
        writer.WriteUInt64(13);
        ContextSwitches.Write(ref writer);
        writer.WriteUInt64(14);
        writer.WriteUInt64(DroppedConsoleLines);
    }

    internal static HealthReply ReadResult(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("health reply");
        reader.ReadKey(ref fields, 1);
        ulong uptimeMs = reader.ReadUInt64();
        reader.ReadKey(ref fields, 2);
        IReadOnlyList<StageHealth> stages = StageHealth.ReadAll(ref reader);
        reader.ReadKey(ref fields, 3);
        EntropyHealth entropy = EntropyHealth.Read(ref reader);
        reader.ReadKey(ref fields, 4);
        ClockHealth clock = ClockHealth.Read(ref reader);
        reader.ReadKey(ref fields, 5);
        NsmHealth nsm = NsmHealth.Read(ref reader);
        reader.ReadKey(ref fields, 6);
        ConnectionHealth connections = ConnectionHealth.Read(ref reader);
        reader.ReadKey(ref fields, 7);
        RequestHealth requests = RequestHealth.Read(ref reader);
        reader.ReadKey(ref fields, 8);
        ProverHealth prover = ProverHealth.Read(ref reader);
        reader.ReadKey(ref fields, 9);
        CircuitStoreHealth circuits = CircuitStoreHealth.Read(ref reader);
        reader.ReadKey(ref fields, 10);
        MemoryHealth memory = MemoryHealth.Read(ref reader);
        reader.ReadKey(ref fields, 11);
        ulong descriptors = reader.ReadUInt64();
        reader.ReadKey(ref fields, 12);
        ulong threads = reader.ReadUInt64();
        reader.ReadKey(ref fields, 13);
        ContextSwitchHealth contextSwitches = ContextSwitchHealth.Read(ref reader);
        reader.ReadKey(ref fields, 14);
        ulong droppedConsoleLines = reader.ReadUInt64();
        fields.ReadEnd();
        return new HealthReply
        {
            UptimeMs = uptimeMs,
            Stages = stages,
            Entropy = entropy,
            Clock = clock,
            Nsm = nsm,
            Connections = connections,
            Requests = requests,
            Prover = prover,
            Circuits = circuits,
            Memory = memory,
            Descriptors = descriptors,
            Threads = threads,
            ContextSwitches = contextSwitches,
            DroppedConsoleLines = droppedConsoleLines,
        };
    }
}
