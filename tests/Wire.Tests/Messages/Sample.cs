namespace Init.Wire.Tests;

/// <summary>Messages made from a seed: every field, every option, every edge of a length or a number sooner or later.</summary>
internal sealed class Sample(int seed)
{
    private readonly Random _random = new(seed);

    public Request Request() => Request((Operation)_random.Next((int)Operation.Hello, (int)Operation.Sealed + 1));

    public Request Request(Operation operation)
    {
        Request request = operation switch
        {
            Operation.Hello => Hello(),
            Operation.Health => new HealthRequest(),
            Operation.Attest => new AttestRequest(Bytes(0, 512), Bytes(0, 256)),
            Operation.Circuit => new CircuitRequest(Bytes(1, 300)),
            Operation.Prove => Prove(),
            Operation.Verify => new VerifyRequest(Bytes(1, 100), Bytes(1, 300), Bytes(0, 100), Settings()),
            Operation.Vk => new VkRequest(Circuit(), Settings()),
            Operation.Cancel => new CancelRequest(Math.Max(1, Number())),
            Operation.Shutdown => new ShutdownRequest(),
            Operation.Echo => new EchoRequest(Bytes(0, 300)),
            _ => Sealed(),
        };
        return request with { DeadlineMs = (uint)_random.NextInt64(WireLimits.MaxDeadlineOf(operation) + 1L) };
    }

    public Reply Reply() => Reply((Operation)_random.Next((int)Operation.Hello, (int)Operation.Sealed + 1));

    public Reply Reply(Operation operation) => operation switch
    {
        Operation.Hello => HelloReply(),
        Operation.Health => HealthReply(),
        Operation.Attest => new AttestReply(Bytes(1, 300)),
        Operation.Circuit => new CircuitReply(Bytes(32, 32), Flag()),
        Operation.Prove => new ProveReply(Bytes(1, 300), Bytes(0, 64), Bytes(1, 100), Bytes(0, 32), Number(), Number()),
        Operation.Verify => new VerifyReply(Flag()),
        Operation.Vk => new VkReply(Bytes(1, 100), Bytes(1, 32)),
        Operation.Cancel => new CancelReply(Flag()),
        Operation.Shutdown => new ShutdownReply(Number32()),
        Operation.Echo => new EchoReply(Bytes(0, 300)),
        _ => new SealedReply(Flag() ? FrameKind.Reply : FrameKind.Error, Bytes(32, 32), Bytes(17, 300)),
    };

    public ErrorReply Error() =>
        new((ErrorCode)_random.Next(1, 16), Text(WireLimits.MaxErrorMessageBytes), Flag() ? Number32() : null);

    public ProgressEvent Progress() => new((ProgressStage)_random.Next(1, 4), Number(), Number());

    public SealedProgress SealedProgress() => new(Bytes(32, 32), Bytes(17, 100));

    public EnclaveStatement Statement() => new()
    {
        ProtocolVersion = Number32(),
        Server = Text(WireLimits.MaxStatementNameBytes),
        ServerVersion = Text(WireLimits.MaxStatementNameBytes),
        ProverVersion = Text(WireLimits.MaxStatementNameBytes),
        SrsKind = Text(WireLimits.MaxStatementNameBytes),
        UserData = Bytes(0, WireLimits.MaxUserDataBytes),
    };

    private SealedRequest Sealed()
    {
        Operation[] sealable = [.. Enum.GetValues<Operation>().Where(SealedRequest.IsSealable)];
        return new SealedRequest
        {
            KeyId = Bytes(32, 32),
            SealedOperation = sealable[_random.Next(sealable.Length)],
            Encapsulated = Bytes(97, 97),
            AssociatedData = Bytes(0, 512),
            Boxes = Bytes(17, 300),
        };
    }

    private HelloRequest Hello()
    {
        uint min = Math.Max(1, Number32());
        return new HelloRequest(min, Math.Max(min, Number32()));
    }

    private ProveRequest Prove() => new()
    {
        Circuit = Circuit(),
        Witness = Bytes(1, 300),
        Settings = Settings(),
        Key = Flag() ? default : Bytes(1, 100),
        SkipVerification = Flag(),
        WantsProgress = Flag(),
    };

    private CircuitSource Circuit() =>
        Flag() ? new CircuitSource.InlineCircuit(Bytes(1, 300)) : new CircuitSource.StoredCircuit(Bytes(32, 32));

    private ProveSettings Settings() => new()
    {
        OracleHash = (TranscriptHash)_random.Next(3),
        ZeroKnowledge = Flag(),
        IpaAccumulation = Flag(),
    };

    private HelloReply HelloReply() => new()
    {
        Version = Number32(),
        Server = Text(),
        ServerVersion = Text(),
        Limits = ServerLimits.Default with { Connections = Number32(), BytesInFlight = Number(), IdleMs = Number32() },
        ProverVersion = Text(),
        SrsKind = Text(),
        ConfigurationDigest = Bytes(48, 48),
        ModuleId = Text(),
        ShutdownAllowed = Flag(),
    };

    private HealthReply HealthReply() => new()
    {
        UptimeMs = Number(),
        Stages = [.. Many(() => new StageHealth { Name = Text(), DurationMs = Number(), Outcome = (StageOutcome)_random.Next(4) })],
        Entropy = new EntropyHealth { Source = Text(), CreditedBytes = Number(), KernelBits = Number() },
        Clock = new ClockHealth
        {
            Source = Text(),
            OffsetUs = Signed(),
            DriftPpb = Signed(),
            LastSyncAgeMs = Flag() ? Number() : null,
            Syncs = Number(),
            Steps = Number(),
            RejectedSamples = Number(),
            Clocksource = Text(),
        },
        Nsm = new NsmHealth
        {
            Calls = Number(),
            Errors = Counts(),
            IsLost = Flag(),
            Queued = Number(),
            LastLatencyUs = Number(),
            Opens = Number(),
        },
        Connections = new ConnectionHealth { Open = Number(), Accepted = Number(), Refused = Number(), Evicted = Counts() },
        Requests = new RequestHealth
        {
            InFlight = Number(),
            Done = Number(),
            Errors = [.. Many(() => new ErrorCount((ErrorCode)_random.Next(1, 16), Number())).DistinctBy(c => c.Code).OrderBy(c => c.Code)],
            BytesInFlight = Number(),
        },
        Prover = new ProverHealth
        {
            Queued = Number(),
            Running = Number(),
            Done = Number(),
            Failed = Counts(),
            InstancesOpened = Number(),
            PeakMemoryBytes = Number(),
            SrsKind = Text(),
        },
        Circuits = new CircuitStoreHealth { Circuits = Number(), Bytes = Number(), Evictions = Number() },
        Memory = new MemoryHealth
        {
            RssBytes = Number(),
            ManagedHeapBytes = Number(),
            LimitBytes = Number(),
            AvailableBytes = Number(),
            MessageBytes = Number(),
            CircuitBytes = Number(),
            ProvingBytes = Number(),
        },
        Descriptors = Number(),
        Threads = Number(),
        ContextSwitches = new ContextSwitchHealth { Voluntary = Number(), Involuntary = Number() },
        DroppedConsoleLines = Number(),
    };

    private NamedCount[] Counts() => [.. Many(() => new NamedCount(Text(), Number())).DistinctBy(c => c.Name)];

    private IEnumerable<T> Many<T>(Func<T> make) => Enumerable.Range(0, Flag() ? _random.Next(4) : _random.Next(65)).Select(_ => make());

    private byte[] Bytes(int min, int max)
    {
        byte[] bytes = new byte[_random.Next(4) switch { 0 => min, 1 => max, _ => _random.Next(min, max + 1) }];
        _random.NextBytes(bytes);
        return bytes;
    }

    // Every power of two, its neighbours included, is as likely as any: the edges of the encoding's lengths are among them.
    private ulong Number() => unchecked((1UL << _random.Next(64)) + (ulong)_random.Next(3) - 1);

    private uint Number32() => (uint)Number();

    private long Signed() => (long)Number();

    private bool Flag() => _random.Next(2) == 1;

    private string Text(int maxBytes = WireLimits.MaxNameBytes)
    {
        string[] characters = ["a", "z", "0", "\0", "é", "ß", "€", "語", "😀"];
        string text = string.Concat(Enumerable.Range(0, _random.Next(40)).Select(_ => characters[_random.Next(characters.Length)]));
        return Utf8Text.Fit(text, maxBytes);
    }
}
