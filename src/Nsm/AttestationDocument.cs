using Init.Wire;

namespace Init.Nsm;

/// <summary>
/// The payload of an attestation document of this enclave's own NSM. The signature is <b>not</b> verified: the document came over
/// /dev/nsm and goes to those who verify it. Byte strings are slices of the document.
/// </summary>
public sealed record AttestationDocument
{
    private AttestationDocument()
    {
    }

    /// <summary>The module that made it.</summary>
    public required string ModuleId { get; init; }

    /// <summary>When it was made, by the hypervisor's clock, to the millisecond.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The PCRs that were locked, 48 bytes each.</summary>
    public required IReadOnlyDictionary<int, ReadOnlyMemory<byte>> Pcrs { get; init; }

    /// <summary>DER of the certificate whose key signed.</summary>
    public required ReadOnlyMemory<byte> Certificate { get; init; }

    /// <summary>DER of the certificates above, the root first.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> CaBundle { get; init; }

    /// <summary>What the caller asked for; empty where the document has null.</summary>
    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>What the caller asked for; empty where the document has null.</summary>
    public required ReadOnlyMemory<byte> UserData { get; init; }

    /// <summary>What the caller asked for; empty where the document has null.</summary>
    public required ReadOnlyMemory<byte> Nonce { get; init; }

    /// <summary>Reads a document: an untagged COSE_Sign1 (RFC 9052 section 4.2) whose payload is a map of definite or indefinite length.</summary>
    /// <param name="document">The document's bytes, which must not change while the result is in use.</param>
    /// <exception cref="NsmException">MalformedDocument: also a digest other than SHA384, and a required field that is missing.</exception>
    public static AttestationDocument Parse(ReadOnlyMemory<byte> document)
    {
        try
        {
            return Payload.Read(CosePayload(document));
        }
        catch (WireException malformed)
        {
            throw new NsmException(NsmError.MalformedDocument, $"read attestation document: {malformed.Message}", malformed);
        }
    }

    /// <summary>The third of protected header, unprotected header, payload and signature.</summary>
    private static ReadOnlyMemory<byte> CosePayload(ReadOnlyMemory<byte> document)
    {
        CborReader reader = new(document.Span, CborRules.WellFormed);
        CborItems items = reader.ReadArray();
        Require(items.Count == 4, "not an array of four");
        reader.ReadByteString();
        CborItems unprotected = reader.ReadMap();
        Require(!reader.HasNext(ref unprotected), "an unprotected header");
        Range payload = reader.ReadByteStringRange();
        reader.ReadByteString();
        return document[payload];
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw Malformed(otherwise);
        }
    }

    private static NsmException Malformed(string cause) => new(NsmError.MalformedDocument, $"read attestation document: {cause}");

    /// <summary>The fields as they are found. One that is not known is skipped: this reader decides nothing about trust.</summary>
    private sealed class Payload
    {
        private const int KeyBytes = 64;
        private const int ModuleIdBytes = 128;

        // The last millisecond of the year 9999, beyond which DateTimeOffset has nothing.
        private const ulong MaxTimestampMs = 253_402_300_799_999;

        private readonly ReadOnlyMemory<byte> _bytes;
        private string? _moduleId;
        private string? _digest;
        private ulong? _timestampMs;
        private Dictionary<int, ReadOnlyMemory<byte>>? _pcrs;
        private ReadOnlyMemory<byte>? _certificate;
        private List<ReadOnlyMemory<byte>>? _caBundle;
        private ReadOnlyMemory<byte> _publicKey;
        private ReadOnlyMemory<byte> _userData;
        private ReadOnlyMemory<byte> _nonce;

        private Payload(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

        public static AttestationDocument Read(ReadOnlyMemory<byte> bytes)
        {
            Payload payload = new(bytes);
            CborReader reader = new(bytes.Span, CborRules.WellFormed);
            CborItems fields = reader.ReadMap();
            while (reader.HasNext(ref fields))
            {
                payload.ReadField(ref reader, reader.ReadText(KeyBytes));
            }

            return payload.ToDocument();
        }

        private void ReadField(ref CborReader reader, string name)
        {
            switch (name)
            {
                case "module_id":
                    _moduleId = reader.ReadText(ModuleIdBytes);
                    break;
                case "digest":
                    _digest = reader.ReadText(KeyBytes);
                    break;
                case "timestamp":
                    _timestampMs = reader.ReadUInt64();
                    break;
                case "pcrs":
                    _pcrs = ReadPcrs(ref reader);
                    break;
                case "certificate":
                    _certificate = ReadBytes(ref reader);
                    break;
                case "cabundle":
                    _caBundle = ReadBundle(ref reader);
                    break;
                case "public_key":
                    _publicKey = ReadOptional(ref reader);
                    break;
                case "user_data":
                    _userData = ReadOptional(ref reader);
                    break;
                case "nonce":
                    _nonce = ReadOptional(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        private AttestationDocument ToDocument()
        {
            Require(_digest == "SHA384", "a digest other than SHA384");
            ulong timestampMs = _timestampMs ?? throw Missing("timestamp");
            Require(timestampMs <= MaxTimestampMs, "a timestamp beyond the year 9999");
            return new AttestationDocument
            {
                ModuleId = _moduleId ?? throw Missing("module_id"),
                Timestamp = DateTimeOffset.FromUnixTimeMilliseconds((long)timestampMs),
                Pcrs = _pcrs ?? throw Missing("pcrs"),
                Certificate = _certificate ?? throw Missing("certificate"),
                CaBundle = _caBundle ?? throw Missing("cabundle"),
                PublicKey = _publicKey,
                UserData = _userData,
                Nonce = _nonce,
            };
        }

        private Dictionary<int, ReadOnlyMemory<byte>> ReadPcrs(ref CborReader reader)
        {
            Dictionary<int, ReadOnlyMemory<byte>> pcrs = [];
            CborItems entries = reader.ReadMap();
            while (reader.HasNext(ref entries))
            {
                ulong index = reader.ReadUInt64();
                ReadOnlyMemory<byte> value = ReadBytes(ref reader);
                Require(index < NsmLimits.Pcrs && value.Length == NsmLimits.PcrBytes, $"PCR{index} of {value.Length} bytes");
                pcrs.Add((int)index, value);
            }

            return pcrs;
        }

        private List<ReadOnlyMemory<byte>> ReadBundle(ref CborReader reader)
        {
            List<ReadOnlyMemory<byte>> certificates = [];
            CborItems items = reader.ReadArray();
            while (reader.HasNext(ref items))
            {
                certificates.Add(ReadBytes(ref reader));
            }

            return certificates;
        }

        private ReadOnlyMemory<byte> ReadOptional(ref CborReader reader) => reader.TryReadNull() ? default : ReadBytes(ref reader);

        private ReadOnlyMemory<byte> ReadBytes(ref CborReader reader) => _bytes[reader.ReadByteStringRange()];

        private static NsmException Missing(string field) => Malformed($"{field} is missing");
    }
}
