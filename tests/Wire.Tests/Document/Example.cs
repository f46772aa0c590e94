using System.Buffers;
using System.Text;

namespace Init.Wire.Tests;

/// <summary>Frames as the specification shows them: bytes in hex, and behind '#' what they say.</summary>
internal static class Example
{
    private const int BytesPerLine = 32;
    private const int CharactersPerLine = 110;

    private static readonly byte[] Digest = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];

    /// <summary>The specification's examples by name: frames that are right.</summary>
    public static IReadOnlyDictionary<string, byte[]> Right { get; } = new Dictionary<string, byte[]>
    {
        ["hello"] = Frame(1, new HelloRequest(1, 1)),
        ["hello-reply"] = Frame(1, new HelloReply
        {
            Version = 1,
            Server = "init",
            ServerVersion = "0.1.0",
            Limits = ServerLimits.Default,
            ProverVersion = "5.0.0",
            SrsKind = "ignition",
            ConfigurationDigest = new byte[48],
            ModuleId = "i-0123456789abcdef0-enc0123456789abcdef",
            ShutdownAllowed = false,
        }),
        ["attest"] = Frame(2, new AttestRequest(Digest.AsMemory(0, 16), default) { DeadlineMs = 5_000 }),
        ["prove"] = Frame(3, new ProveRequest
        {
            Circuit = new CircuitSource.StoredCircuit(Digest),
            Witness = new byte[] { 0x1f, 0x8b, 0x08 },
            Settings = new ProveSettings(),
            WantsProgress = true,
        }),
        ["progress"] =
        [
            .. FrameBytes.Of(3, FrameKind.Progress, more: false, ReplyCodec.Encode(new ProgressEvent(ProgressStage.Queued, 0, 2))),
            .. FrameBytes.Of(3, FrameKind.Progress, more: false, ReplyCodec.Encode(new ProgressEvent(ProgressStage.Running, 1_204, 0))),
        ],
        ["busy"] = FrameBytes.Of(3, FrameKind.Error, more: false, ReplyCodec.Encode(new ErrorReply(ErrorCode.Busy, "8 proofs wait", 2_500))),
        ["not-found"] = FrameBytes.Of(
            3, FrameKind.Error, more: false, ReplyCodec.Encode(new ErrorReply(ErrorCode.NotFound, "no such circuit", null))),
        ["echo-around-a-cancel"] = EchoAroundCancel(),
        ["sealed"] =
        [
            .. Frame(9, new SealedRequest
            {
                KeyId = Digest,
                SealedOperation = Operation.Prove,
                Encapsulated = (byte[])[4, .. Digest, .. Digest, .. Digest],
                Boxes = Digest.AsMemory(0, 20),
            }),
            .. Frame(9, new SealedReply(FrameKind.Reply, Digest, Digest.AsMemory(0, 20))),
        ],
        ["health-reply"] = Frame(300, Health()),
        ["connection-error"] = FrameBytes.Of(
            0, FrameKind.Error, more: false, ReplyCodec.Encode(new ErrorReply(ErrorCode.Malformed, "read frame: the CRC-32C differs", null))),
    };

    /// <summary>Frames that are wrong, each with the error that answers it.</summary>
    public static IReadOnlyDictionary<string, byte[]> Wrong { get; } = new Dictionary<string, byte[]>
    {
        ["length 0"] = [0, 0, 0, 0],
        ["length 1048577"] = [0, 0x10, 0, 1],
        ["checksum"] = [0, 0, 0, 6, 0, 0, 0, 0, 0x84, 1, 0, 0xf4, 0x41, 0x80],
        ["id in two bytes"] = FrameBytes.Around(0x84, 0x18, 1, 0, 0xf4, 0x41, 0x80),
        ["id 0"] = FrameBytes.Around(0x84, 0, 0, 0xf4, 0x41, 0x80),
        ["unknown operation"] = FrameBytes.Of(4, FrameKind.Request, more: false, [0x83, 12, 0, 0xa0]),
        ["keys out of order"] = FrameBytes.Of(5, FrameKind.Request, more: false, [0x83, 1, 0, 0xa2, 2, 1, 1, 1]),
        ["unknown field"] = FrameBytes.Of(6, FrameKind.Request, more: false, [0x83, 2, 0, 0xa1, 1, 1]),
        ["byte behind the message"] = FrameBytes.Of(7, FrameKind.Request, more: false, [0x83, 2, 0, 0xa0, 0]),
    };

    /// <summary>The frames as the specification shows them: header, envelope, payload; behind a message's last frame its diagnostic notation.</summary>
    public static string Show(ReadOnlySpan<byte> frames)
    {
        StringBuilder text = new();
        Dictionary<ulong, List<byte>> messages = [];
        ReadOnlySequence<byte> rest = new(frames.ToArray());
        while (FrameReader.TryRead(ref rest, out Frame frame))
        {
            byte[] payload = frame.Payload.ToArray();
            int envelope = new FrameEnvelope(frame.Id, frame.Kind, frame.More, (ulong)payload.Length).LengthBytes;
            string more = frame.More ? "true" : "false";
            text.Append(Hex(frames[..8])).Append("  # length, CRC-32C\n");
            text.Append(Hex(frames.Slice(8, envelope))).Append($"  # [{frame.Id}, {(int)frame.Kind}, {more}, {payload.Length} bytes]\n");
            text.AppendJoin("", payload.Chunk(BytesPerLine).Select(line => Hex(line) + "\n"));
            frames = frames[^(int)rest.Length..];
            List<byte> message = messages.TryGetValue(frame.Id, out List<byte>? begun) ? begun : messages[frame.Id] = [];
            message.AddRange(payload);
            if (frame.More)
            {
                text.Append("# the message goes on\n");
            }
            else
            {
                text.Append(Comment(Diagnostic.Of([.. message], CborRules.Deterministic)));
                messages.Remove(frame.Id);
            }
        }

        return text.ToString();
    }

    /// <summary>Hex without comments and blanks as bytes.</summary>
    public static byte[] Parse(string text) => Convert.FromHexString(string.Concat(
        text.Split('\n').Select(line => line.Split('#')[0]).SelectMany(line => line).Where(c => !char.IsWhiteSpace(c))));

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static string Comment(string diagnostic)
    {
        StringBuilder text = new("#");
        int column = 1;
        foreach (string item in diagnostic.Replace(", ", ",\n", StringComparison.Ordinal).Split('\n'))
        {
            if (column + item.Length >= CharactersPerLine)
            {
                text.Append("\n#");
                column = 1;
            }

            text.Append(' ').Append(item);
            column += 1 + item.Length;
        }

        return text.Append('\n').ToString();
    }

    private static byte[] Frame(ulong id, Request request) => FrameBytes.Of(id, FrameKind.Request, more: false, RequestCodec.Encode(request));

    private static byte[] Frame(ulong id, Reply reply) => FrameBytes.Of(id, FrameKind.Reply, more: false, ReplyCodec.Encode(reply));

    private static byte[] EchoAroundCancel()
    {
        byte[] echo = RequestCodec.Encode(new EchoRequest("hello, enclave"u8.ToArray()));
        return
        [
            .. FrameBytes.Of(8, FrameKind.Request, more: true, echo.AsSpan(0, 10)),
            .. Frame(9, new CancelRequest(3)),
            .. FrameBytes.Of(8, FrameKind.Request, more: false, echo.AsSpan(10)),
        ];
    }

    private static HealthReply Health() => new()
    {
        UptimeMs = 3_600_000,
        Stages =
        [
            new StageHealth { Name = "filesystems", DurationMs = 1, Outcome = StageOutcome.Done },
            new StageHealth { Name = "heartbeat", DurationMs = 250, Outcome = StageOutcome.Tolerated },
        ],
        Entropy = new EntropyHealth { Source = "nsm-hwrng", CreditedBytes = 512, KernelBits = 256 },
        Clock = new ClockHealth
        {
            Source = "nsm",
            OffsetUs = -1_250,
            DriftPpb = 11_574,
            LastSyncAgeMs = 40_000,
            Syncs = 60,
            Steps = 1,
            RejectedSamples = 2,
            Clocksource = "kvm-clock",
        },
        Nsm = new NsmHealth { Calls = 73, Errors = [], IsLost = false, Queued = 0, LastLatencyUs = 4_300, Opens = 1 },
        Connections = new ConnectionHealth { Open = 1, Accepted = 17, Refused = 0, Evicted = [new("idle", 3), new("unread reply", 1)] },
        Requests = new RequestHealth { InFlight = 1, Done = 40, Errors = [new(ErrorCode.Busy, 2)], BytesInFlight = 96 },
        Prover = new ProverHealth
        {
            Queued = 0,
            Running = 0,
            Done = 12,
            Failed = [],
            InstancesOpened = 24,
            PeakMemoryBytes = 536_870_912,
            SrsKind = "ignition",
        },
        Circuits = new CircuitStoreHealth { Circuits = 1, Bytes = 20_480, Evictions = 0 },
        Memory = new MemoryHealth
        {
            RssBytes = 20_971_520,
            ManagedHeapBytes = 1_048_576,
            LimitBytes = 4_294_967_296,
            AvailableBytes = 3_221_225_472,
            MessageBytes = 402_653_184,
            CircuitBytes = 268_435_456,
            ProvingBytes = 1_862_270_976,
        },
        Descriptors = 12,
        Threads = 8,
        ContextSwitches = new ContextSwitchHealth { Voluntary = 900, Involuntary = 30 },
        DroppedConsoleLines = 0,
    };
}
