namespace Init.Wire;

/// <summary>What a server sends: replies <c>[op, result]</c>, errors <c>[code, message, retry_after_ms]</c>, progress <c>[stage, elapsed_ms, detail]</c>.</summary>
public static class ReplyCodec
{
    private const int Elements = 2;

    /// <summary>Reads a reply (<see cref="FrameKind.Reply"/>), whose byte strings stay slices of <paramref name="message"/>.</summary>
    /// <exception cref="WireException">Malformed. TooLarge.</exception>
    public static Reply Decode(ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        reader.ReadArrayOf(Elements, "reply");
        Operation operation = (Operation)reader.ReadEnum((byte)Operation.Hello, (byte)Operation.Sealed, "operation");
        Reply reply = ReadResult(ref reader, operation);
        reader.ReadEnd();
        return reply;
    }

    /// <summary>Reads an error (<see cref="FrameKind.Error"/>).</summary>
    /// <exception cref="WireException">Malformed. TooLarge.</exception>
    public static ErrorReply DecodeError(ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        ErrorReply error = ErrorReply.Read(ref reader);
        reader.ReadEnd();
        return error;
    }

    /// <summary>Reads a progress event (<see cref="FrameKind.Progress"/>).</summary>
    /// <exception cref="WireException">Malformed. TooLarge.</exception>
    public static ProgressEvent DecodeProgress(ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        ProgressEvent progress = ProgressEvent.Read(ref reader);
        reader.ReadEnd();
        return progress;
    }

    /// <summary>Reads a sealed request's progress event (<see cref="FrameKind.Progress"/>).</summary>
    /// <exception cref="WireException">Malformed. TooLarge.</exception>
    public static SealedProgress DecodeSealedProgress(ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        SealedProgress progress = SealedProgress.Read(ref reader);
        reader.ReadEnd();
        return progress;
    }

    /// <summary>The encoding's length.</summary>
    /// <exception cref="WireException">InvalidValue, as <see cref="Encode(Reply)"/>.</exception>
    public static int Measure(Reply reply)
    {
        CborWriter writer = CborWriter.Measuring();
        Write(ref writer, reply);
        return writer.Complete();
    }

    /// <summary>Writes a reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="target">Exactly <see cref="Measure"/> bytes.</param>
    /// <exception cref="WireException">InvalidValue, as <see cref="Encode(Reply)"/>.</exception>
    public static void Encode(Reply reply, Span<byte> target)
    {
        CborWriter writer = new(target);
        Write(ref writer, reply);
        writer.Complete();
    }

    /// <summary>Writes a reply.</summary>
    /// <exception cref="WireException">InvalidValue: longer than an array, or text that is not Unicode. Limits are the reader's to check.</exception>
    public static byte[] Encode(Reply reply) => CborWriter.ToArray((ref CborWriter writer) => Write(ref writer, reply));

    /// <summary>Writes a reply but for the bytes that it ends with, which can be sent from where they are.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="tail">What must follow: bytes that the reply was made with; empty where it ends with none.</param>
    public static byte[] EncodeUpToTail(Reply reply, out ReadOnlyMemory<byte> tail)
    {
        tail = reply.Tail;
        return CborWriter.ToArray((ref CborWriter writer) =>
        {
            WriteStart(ref writer, reply.Operation);
            reply.WriteResultUpToTail(ref writer);
        });
    }

    /// <summary>Writes an error.</summary>
    /// <exception cref="WireException">InvalidValue: text that is not Unicode.</exception>
    public static byte[] Encode(ErrorReply error) => CborWriter.ToArray(error.Write);

    /// <summary>Writes a progress event.</summary>
    public static byte[] Encode(ProgressEvent progress) => CborWriter.ToArray(progress.Write);

    /// <summary>Writes a sealed request's progress event.</summary>
    public static byte[] Encode(SealedProgress progress) => CborWriter.ToArray(progress.Write);

    /// <summary>Bytes of <see cref="EncodeSealedHead"/>.</summary>
    public static int MeasureSealedHead(int boxesBytes)
    {
        CborWriter writer = CborWriter.Measuring();
        WriteSealedHead(ref writer, FrameKind.Reply, new byte[WireLimits.AnswerNonceBytes], boxesBytes);
        return writer.Complete();
    }

    /// <summary>Writes what is before a sealed reply's boxes, so that large ones need not be in memory twice.</summary>
    /// <param name="kind">Reply or Error.</param>
    /// <param name="nonce">32 bytes.</param>
    /// <param name="boxesBytes">Bytes of boxes that follow.</param>
    /// <param name="target">Exactly <see cref="MeasureSealedHead"/> bytes.</param>
    public static void EncodeSealedHead(FrameKind kind, ReadOnlySpan<byte> nonce, int boxesBytes, Span<byte> target)
    {
        CborWriter writer = new(target);
        WriteSealedHead(ref writer, kind, nonce, boxesBytes);
        writer.Complete();
    }

    private static void WriteSealedHead(ref CborWriter writer, FrameKind kind, ReadOnlySpan<byte> nonce, int boxesBytes)
    {
        WriteStart(ref writer, Operation.Sealed);
        SealedReply.WriteResultHead(ref writer, kind, nonce, boxesBytes);
    }

    private static void Write(ref CborWriter writer, Reply reply)
    {
        WriteStart(ref writer, reply.Operation);
        reply.WriteResult(ref writer);
    }

    internal static void WriteStart(ref CborWriter writer, Operation operation)
    {
        writer.WriteArrayHeader(Elements);
        writer.WriteUInt64((ulong)operation);
    }

    private static Reply ReadResult(ref MessageReader reader, Operation operation) => operation switch
    {
        Operation.Hello => HelloReply.ReadResult(ref reader),
        Operation.Health => HealthReply.ReadResult(ref reader),
        Operation.Attest => AttestReply.ReadResult(ref reader),
        Operation.Circuit => CircuitReply.ReadResult(ref reader),
        Operation.Prove => ProveReply.ReadResult(ref reader),
        Operation.Verify => VerifyReply.ReadResult(ref reader),
        Operation.Vk => VkReply.ReadResult(ref reader),
        Operation.Cancel => CancelReply.ReadResult(ref reader),
        Operation.Shutdown => ShutdownReply.ReadResult(ref reader),
        Operation.Echo => EchoReply.ReadResult(ref reader),
        _ => SealedReply.ReadResult(ref reader),
    };
}
