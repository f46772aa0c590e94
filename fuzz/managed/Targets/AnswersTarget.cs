using System.Buffers;
using Init.Client;
using Init.Sealing;
using Init.Testing;
using Init.Wire;

namespace Init.Fuzz.Targets;

/// <summary>
/// What a client makes of the answers to its sealed request when the parent chooses them. Input: <see cref="Steps"/>, each an answer that the
/// enclave made or the parent, changed or not, under any kind, in pieces.
/// </summary>
/// <remarks>
/// Oracle: a reply comes out only of the enclave's reply to this request, unchanged, and says what that says; as many progress events are
/// told as came unchanged; all else is one of the client's own errors, and nothing is accepted behind a frame that does not fit.
/// </remarks>
internal static class AnswersTarget
{
    private static readonly byte[] Data = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
    private static readonly Lazy<Sealed> This = new(() => new Sealed());
    private static readonly Lazy<Sealed> Other = new(() => new Sealed());

    public static IReadOnlyList<ManagedTarget> List { get; } =
    [
        new("answers", Take)
        {
            MaxBytes = 128,
            AllocationLimit = _ => 1 << 20, // the answers are made and sealed here
            Seeds = Seeds,
        },
    ];

    private enum Step
    {
        Reply,
        Progress,
        Error,
        OthersReply,
        PlainError,
        PlainReply,
        Frame,
    }

    private static bool Take(byte[] script)
    {
        Events events = new();
        PendingRequest pending = new(new SealedAnswerReader(Operation.Echo, This.Value.Call), events);
        ByteSource steps = new(script);
        int progress = 0;
        bool isTorn = false, isRight = false;
        try
        {
            while (steps.HasMore && !pending.Answer.IsCompleted)
            {
                Step step = (Step)(steps.Next() % 7);
                (FrameKind kind, byte[] message) = Make(step, steps);
                (FrameKind sent, byte change, int place, int piece) = (Kind(kind, steps.Next()), steps.Next(), steps.Next(), 1 + steps.Next());
                message[place % message.Length] ^= change;
                bool isUnchanged = sent == kind && change == 0 && !isTorn;
                isRight = isUnchanged && step == Step.Reply;
                progress += isUnchanged && step == Step.Progress ? 1 : 0;
                isTorn |= step == Step.Frame;
                Give(pending, sent, message, piece, isWhole: step != Step.Frame);
            }
        }
        catch (WireException)
        {
            isRight = false; // the connection ends by it, and with it the request
        }

        Assert.Equal(progress, events.Count);
        bool isReply = pending.Answer.IsCompletedSuccessfully;
        Assert.Equal(isRight, isReply);
        Assert.True(!isReply || ((EchoReply)pending.Answer.Result).Data.Span.SequenceEqual(Data), "another answer than the enclave's");
        Assert.True(pending.Answer.Exception is null or { InnerException: ClientException }, "an error that is not the client's own");
        return isReply;
    }

    private static (FrameKind Kind, byte[] Message) Make(Step step, ByteSource steps) => step switch
    {
        Step.Reply => (FrameKind.Reply, This.Value.Answer(FrameKind.Reply, ReplyCodec.Encode(new EchoReply(Data)))),
        Step.Progress => (FrameKind.Progress, This.Value.Progress(ReplyCodec.Encode(new ProgressEvent(ProgressStage.Started, 1, 2)))),
        Step.Error => (FrameKind.Reply, This.Value.Answer(FrameKind.Error, ReplyCodec.Encode(ErrorReply.Of(ErrorCode.Busy, "busy", 7)))),
        Step.OthersReply => (FrameKind.Reply, Other.Value.Answer(FrameKind.Reply, ReplyCodec.Encode(new EchoReply(Data)))),
        Step.PlainError => (FrameKind.Error, ReplyCodec.Encode(ErrorReply.Of(ErrorCode.UnknownKey, "no such key"))),
        Step.PlainReply => (FrameKind.Reply, ReplyCodec.Encode(new EchoReply(Data))),
        _ => (FrameKind.Reply, [.. steps.Take(1 + (steps.Next() % 16)), 0]),
    };

    private static FrameKind Kind(FrameKind usual, byte choice) => choice < 0x80 ? usual : (FrameKind)(choice % 4);

    // A frame that says that more follows tears what comes after it.
    private static void Give(PendingRequest pending, FrameKind kind, ReadOnlySpan<byte> message, int pieceBytes, bool isWhole)
    {
        bool isOver = false;
        while (!message.IsEmpty && !isOver)
        {
            ReadOnlySpan<byte> piece = message[..Math.Min(pieceBytes, message.Length)];
            message = message[piece.Length..];
            ArrayBufferWriter<byte> bytes = new();
            FrameWriter.Write(bytes, 1, kind, more: !message.IsEmpty || !isWhole, piece);
            ReadOnlySequence<byte> buffer = new(bytes.WrittenMemory);
            Assert.True(FrameReader.TryRead(ref buffer, out Frame frame));
            isOver = pending.Add(frame);
        }
    }

    private static IEnumerable<byte[]> Seeds()
    {
        for (byte step = 0; step < 7; step++)
        {
            yield return [step, 0, 0, 0, 255];
            yield return [1, 0, 0, 0, 255, step, 0, 1, 40, 9];
            yield return [step, 0x82, 0, 0, 30, 0, 0, 0, 0, 255];
        }
    }

    /// <summary>A request that was sealed and opened: both ends of it. It is answered as often as inputs say.</summary>
    private sealed class Sealed
    {
        private static readonly KeyRing Keys = new(new KeyRingOptions(), new ManualTime());
        private readonly OpenedRequest _opened;

        public Sealed()
        {
            RequestHeader header = new(KeyRing.IdOf(Keys.CurrentPublicKey.Span), Operation.Echo, ReadOnlyMemory<byte>.Empty);
            Call = SealedCall.Begin(HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, Keys.CurrentPublicKey.Span), header);
            byte[] boxes = new byte[SealedLayout.SealedBytes(1)];
            Call.Seal(new byte[1], boxes);
            _opened = OpenedRequest.Open(Keys, header, Call.Encapsulated.Span, boxes);
        }

        public SealedCall Call { get; }

        public byte[] Answer(FrameKind kind, byte[] message)
        {
            (byte[] nonce, byte[] boxes) = Seal(kind, message);
            return ReplyCodec.Encode(new SealedReply(kind, nonce, boxes));
        }

        public byte[] Progress(byte[] message)
        {
            (byte[] nonce, byte[] boxes) = Seal(FrameKind.Progress, message);
            return ReplyCodec.Encode(new SealedProgress(nonce, boxes));
        }

        private (byte[] Nonce, byte[] Boxes) Seal(FrameKind kind, byte[] message)
        {
            byte[] nonce = new byte[OpenedRequest.AnswerNonceBytes], boxes = new byte[SealedLayout.SealedBytes(message.Length)];
            _opened.SealAnswer(kind, message, nonce, boxes);
            return (nonce, boxes);
        }
    }

    private sealed class Events : IProgress<ProgressEvent>
    {
        public int Count { get; private set; }

        public void Report(ProgressEvent value)
        {
            Assert.Equal((ProgressStage.Started, 1UL, 2UL), (value.Stage, value.ElapsedMs, value.Detail));
            Count++;
        }
    }
}
