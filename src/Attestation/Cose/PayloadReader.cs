using Init.Wire;

namespace Init.Attestation.Cose;

/// <summary>Reads the payload: a map of definite or indefinite length. Fields that are not known are skipped: AWS may add some.</summary>
internal sealed class PayloadReader
{
    private const int MaxFieldNameBytes = 64;
    private const int MaxDigestNameBytes = 16;

    // The last millisecond of the year 9999, beyond which DateTimeOffset has nothing.
    private const ulong MaxTimestampMs = 253_402_300_799_999;

    private readonly ReadOnlyMemory<byte> _bytes;
    private string? _moduleId;
    private string? _digest;
    private ulong? _timestampMs;
    private SortedDictionary<int, PcrValue>? _pcrs;
    private ReadOnlyMemory<byte>? _certificate;
    private List<ReadOnlyMemory<byte>>? _caBundle;
    private ReadOnlyMemory<byte>? _publicKey;
    private ReadOnlyMemory<byte>? _userData;
    private ReadOnlyMemory<byte>? _nonce;

    private PayloadReader(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <exception cref="AttestationException">Malformed.</exception>
    public static AttestationPayload Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            PayloadReader payload = new(bytes);
            CborReader reader = new(bytes.Span, CborRules.WellFormed);
            CborItems fields = reader.ReadMap();
            while (reader.HasNext(ref fields))
            {
                payload.ReadField(ref reader, reader.ReadText(MaxFieldNameBytes));
            }

            return payload.Complete(isIndefinite: fields.Count is null);
        }
        catch (WireException malformed)
        {
            throw Malformed.Because(malformed.Message, malformed);
        }
    }

    private void ReadField(ref CborReader reader, string name)
    {
        switch (name)
        {
            case "module_id":
                _moduleId = reader.ReadText(AttestationLimits.MaxModuleIdBytes);
                break;
            case "digest":
                _digest = reader.ReadText(MaxDigestNameBytes);
                break;
            case "timestamp":
                _timestampMs = reader.ReadUInt64();
                break;
            case "pcrs":
                _pcrs = ReadPcrs(ref reader);
                break;
            case "certificate":
                _certificate = ReadCertificate(ref reader);
                break;
            case "cabundle":
                _caBundle = ReadBundle(ref reader);
                break;
            case "public_key":
                _publicKey = ReadOptional(ref reader, name, AttestationLimits.MaxPublicKeyBytes);
                break;
            case "user_data":
                _userData = ReadOptional(ref reader, name, AttestationLimits.MaxUserDataBytes);
                break;
            case "nonce":
                _nonce = ReadOptional(ref reader, name, AttestationLimits.MaxNonceBytes);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private AttestationPayload Complete(bool isIndefinite)
    {
        Malformed.Unless((_digest ?? throw Missing("digest")) == "SHA384", "a digest other than SHA384");
        ulong timestampMs = _timestampMs ?? throw Missing("timestamp");
        Malformed.Unless(timestampMs is > 0 and <= MaxTimestampMs, "a timestamp of zero or beyond the year 9999");
        return new AttestationPayload
        {
            ModuleId = _moduleId is null ? throw Missing("module_id") : _moduleId.Length > 0 ? _moduleId : throw Malformed.Because("module_id is empty"),
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds((long)timestampMs),
            Pcrs = _pcrs ?? throw Missing("pcrs"),
            Certificate = _certificate ?? throw Missing("certificate"),
            CaBundle = _caBundle ?? throw Missing("cabundle"),
            PublicKey = _publicKey,
            UserData = _userData,
            Nonce = _nonce,
            IsIndefinite = isIndefinite,
        };
    }

    private static SortedDictionary<int, PcrValue> ReadPcrs(ref CborReader reader)
    {
        SortedDictionary<int, PcrValue> pcrs = [];
        CborItems entries = reader.ReadMap();
        while (reader.HasNext(ref entries))
        {
            ulong index = reader.ReadUInt64();
            ReadOnlySpan<byte> value = reader.ReadByteString();
            Malformed.Unless(index < AttestationLimits.Pcrs && value.Length == AttestationLimits.PcrBytes, $"PCR{index} of {value.Length} bytes");
            pcrs.Add((int)index, PcrValue.Of(value));
        }

        // Without it nobody can tell whether the enclave is in debug mode.
        Malformed.Unless(pcrs.ContainsKey(0), "PCR0 is missing");
        return pcrs;
    }

    private List<ReadOnlyMemory<byte>> ReadBundle(ref CborReader reader)
    {
        List<ReadOnlyMemory<byte>> certificates = [];
        CborItems items = reader.ReadArray();
        while (reader.HasNext(ref items))
        {
            Malformed.Unless(certificates.Count < AttestationLimits.MaxBundleCertificates, $"more than {AttestationLimits.MaxBundleCertificates} certificates in cabundle");
            certificates.Add(ReadCertificate(ref reader));
        }

        Malformed.Unless(certificates.Count > 0, "cabundle is empty");
        return certificates;
    }

    private ReadOnlyMemory<byte> ReadCertificate(ref CborReader reader)
    {
        ReadOnlyMemory<byte> certificate = _bytes[reader.ReadByteStringRange()];
        Malformed.Unless(certificate.Length is > 0 and <= AttestationLimits.MaxCertificateBytes, $"a certificate of {certificate.Length} bytes");
        return certificate;
    }

    private ReadOnlyMemory<byte>? ReadOptional(ref CborReader reader, string name, int maxBytes)
    {
        if (reader.TryReadNull())
        {
            return null;
        }

        ReadOnlyMemory<byte> value = _bytes[reader.ReadByteStringRange()];
        Malformed.Unless(value.Length <= maxBytes, $"{name} of {value.Length} bytes, the limit is {maxBytes}");
        return value;
    }

    private static AttestationException Missing(string field) => Malformed.Because($"{field} is missing");
}
