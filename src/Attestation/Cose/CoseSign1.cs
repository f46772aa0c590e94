using Init.Wire;

namespace Init.Attestation.Cose;

/// <summary>The envelope: COSE_Sign1, RFC 9052 section 4.2.</summary>
internal sealed record CoseSign1
{
    /// <summary>RFC 9053 section 2.1: ECDSA with SHA-384.</summary>
    public const long Es384 = -35;

    /// <summary>QEMU's hw/virtio/virtio-nsm.c, which signs nothing: no such algorithm is registered.</summary>
    private const long QemuUnsigned = -1;

    private const ulong Tag = 18;
    private const ulong AlgorithmLabel = 1;

    private CoseSign1()
    {
    }

    public required int DocumentBytes { get; init; }

    public required bool IsTagged { get; init; }

    /// <summary>The content of the byte string, as it was signed.</summary>
    public required ReadOnlyMemory<byte> ProtectedHeader { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Null where the protected header is not a map of an algorithm's number alone.</summary>
    public required long? Algorithm { get; init; }

    /// <summary>Whether it is what QEMU makes. A signature that is not all zeros is one, whatever the header says of it.</summary>
    public bool IsUnsigned => Algorithm == QemuUnsigned && !Signature.Span.ContainsAnyExcept((byte)0);

    /// <summary>Copies and takes apart.</summary>
    /// <exception cref="AttestationException">Malformed.</exception>
    public static CoseSign1 Parse(ReadOnlySpan<byte> document)
    {
        if (document.Length > AttestationLimits.MaxDocumentBytes)
        {
            throw Malformed.Because($"{document.Length} bytes, the limit is {AttestationLimits.MaxDocumentBytes}");
        }

        ReadOnlyMemory<byte> copy = document.ToArray();
        try
        {
            return Read(copy);
        }
        catch (WireException malformed)
        {
            throw Malformed.Because(malformed.Message, malformed);
        }
    }

    /// <summary>What was signed: <c>["Signature1", protected header, external data, payload]</c>, RFC 9052 section 4.4, over the bytes as they came.</summary>
    public byte[] ToBeSigned() => CborWriter.ToArray((ref CborWriter writer) =>
    {
        writer.WriteArrayHeader(4);
        writer.WriteText("Signature1"u8);
        writer.WriteByteString(ProtectedHeader.Span);
        writer.WriteByteString([]);
        writer.WriteByteString(Payload.Span);
    });

    private static CoseSign1 Read(ReadOnlyMemory<byte> document)
    {
        CborReader reader = new(document.Span, CborRules.WellFormed);
        bool isTagged = reader.PeekType() == CborType.Tag;
        Malformed.Unless(!isTagged || reader.ReadTag() == Tag, "a tag other than COSE_Sign1's");
        CborItems items = reader.ReadArray();
        Malformed.Unless(items.Count == 4, "not an array of four");
        ReadOnlyMemory<byte> header = document[reader.ReadByteStringRange()];

        // Nothing in it is signed, so nothing in it is listened to.
        CborItems unprotected = reader.ReadMap();
        Malformed.Unless(!reader.HasNext(ref unprotected), "an unprotected header that is not empty");
        return new CoseSign1
        {
            DocumentBytes = document.Length,
            IsTagged = isTagged,
            ProtectedHeader = header,
            Payload = document[reader.ReadByteStringRange()],
            Signature = document[reader.ReadByteStringRange()],
            Algorithm = ReadAlgorithm(header.Span),
        };
    }

    private static long? ReadAlgorithm(ReadOnlySpan<byte> header)
    {
        if (header.IsEmpty)
        {
            return null;
        }

        CborReader reader = new(header, CborRules.WellFormed);
        CborItems parameters = reader.ReadMap();
        if (!reader.HasNext(ref parameters)
            || reader.PeekType() != CborType.UnsignedInteger
            || reader.ReadUInt64() != AlgorithmLabel
            || reader.PeekType() is not (CborType.UnsignedInteger or CborType.NegativeInteger))
        {
            return null;
        }

        long algorithm = reader.ReadInt64();
        return reader.HasNext(ref parameters) ? null : algorithm;
    }
}
