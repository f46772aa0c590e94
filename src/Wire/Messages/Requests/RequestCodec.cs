namespace Init.Wire;

/// <summary>Requests: <c>[op, deadline_ms, arguments]</c>.</summary>
public static class RequestCodec
{
    private const int Elements = 3;

    /// <summary>Reads a request, whose byte strings stay slices of <paramref name="message"/>.</summary>
    /// <exception cref="WireException">Malformed. TooLarge.</exception>
    public static Request Decode(ReadOnlyMemory<byte> message)
    {
        MessageReader reader = new(message);
        reader.ReadArrayOf(Elements, "request");
        Operation operation = (Operation)reader.ReadEnum((byte)Operation.Hello, (byte)Operation.Sealed, "operation");
        uint deadlineMs = reader.ReadUInt32();
        if (deadlineMs > WireLimits.MaxDeadlineOf(operation))
        {
            throw WireException.TooLarge($"read request: deadline of {deadlineMs} ms, limit {WireLimits.MaxDeadlineOf(operation)}");
        }

        Request request = ReadArguments(ref reader, operation) with { DeadlineMs = deadlineMs };
        reader.ReadEnd();
        return request;
    }

    /// <summary>The encoding's length.</summary>
    /// <exception cref="WireException">InvalidValue, as <see cref="Encode(Request)"/>.</exception>
    public static int Measure(Request request)
    {
        CborWriter writer = CborWriter.Measuring();
        Write(ref writer, request);
        return writer.Complete();
    }

    /// <summary>Writes a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="target">Exactly <see cref="Measure"/> bytes.</param>
    /// <exception cref="WireException">InvalidValue, as <see cref="Encode(Request)"/>.</exception>
    public static void Encode(Request request, Span<byte> target)
    {
        CborWriter writer = new(target);
        Write(ref writer, request);
        writer.Complete();
    }

    /// <summary>Writes a request.</summary>
    /// <exception cref="WireException">InvalidValue: longer than an array, or text that is not Unicode. Limits are the reader's to check.</exception>
    public static byte[] Encode(Request request) => CborWriter.ToArray((ref CborWriter writer) => Write(ref writer, request));

    /// <summary>Writes the part of a request's encoding that begins at an offset: a long request need not be in memory twice.</summary>
    /// <param name="request">The request.</param>
    /// <param name="from">Where the part begins in the encoding.</param>
    /// <param name="target">Receives it; together with the offset no longer than <see cref="Measure"/>.</param>
    /// <exception cref="WireException">InvalidValue, as <see cref="Encode(Request)"/>.</exception>
    public static void EncodePart(Request request, int from, Span<byte> target)
    {
        CborWriter writer = CborWriter.Window(target, from);
        Write(ref writer, request);
    }

    /// <summary>Writes what is before a sealed request's boxes, so that large ones need not be in memory twice.</summary>
    /// <param name="request">The request; its boxes are not looked at.</param>
    /// <param name="boxesBytes">Bytes of boxes that follow, at least <see cref="WireLimits.MinBoxBytes"/>.</param>
    public static byte[] EncodeHead(SealedRequest request, int boxesBytes) => CborWriter.ToArray((ref CborWriter writer) =>
    {
        WriteHead(ref writer, request);
        request.WriteArgumentsHead(ref writer, boxesBytes);
    });

    private static void Write(ref CborWriter writer, Request request)
    {
        WriteHead(ref writer, request);
        request.WriteArguments(ref writer);
    }

    private static void WriteHead(ref CborWriter writer, Request request)
    {
        writer.WriteArrayHeader(Elements);
        writer.WriteUInt64((ulong)request.Operation);
        writer.WriteUInt64(request.DeadlineMs);
    }

    private static Request ReadArguments(ref MessageReader reader, Operation operation) => operation switch
    {
        Operation.Hello => HelloRequest.ReadArguments(ref reader),
        Operation.Health => HealthRequest.ReadArguments(ref reader),
        Operation.Attest => AttestRequest.ReadArguments(ref reader),
        Operation.Circuit => CircuitRequest.ReadArguments(ref reader),
        Operation.Prove => ProveRequest.ReadArguments(ref reader),
        Operation.Verify => VerifyRequest.ReadArguments(ref reader),
        Operation.Vk => VkRequest.ReadArguments(ref reader),
        Operation.Cancel => CancelRequest.ReadArguments(ref reader),
        Operation.Shutdown => ShutdownRequest.ReadArguments(ref reader),
        Operation.Echo => EchoRequest.ReadArguments(ref reader),
        _ => SealedRequest.ReadArguments(ref reader),
    };
}
