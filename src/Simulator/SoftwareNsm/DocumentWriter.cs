using System.Security.Cryptography;
using Init.Wire;

namespace Init.Simulator.SoftwareNsm;

/// <summary>Makes attestation documents: an untagged COSE_Sign1 (RFC 9052 section 4.2) with the payload of real ones. Not safe for more than one thread.</summary>
internal sealed class DocumentWriter : IDisposable
{
    private const int Es384 = -35;

    // QEMU's: an algorithm that does not exist, 64 zeros for the signature and for each certificate.
    private const int UnsignedAlgorithm = -1;
    private static readonly byte[] UnsignedZeros = new byte[64];

    // RFC 8949 section 3.2.2.
    private static readonly byte[] MapOfIndefiniteLength = [0xbf];
    private static readonly byte[] Break = [0xff];

    private readonly SoftwareNsmOptions _options;
    private readonly TimeProvider _time;
    private readonly DevelopmentPki? _pki;
    private readonly byte[] _protectedHeader;

    public DocumentWriter(SoftwareNsmOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _pki = options.IsUnsigned ? null : new DevelopmentPki(options.ModuleId);
        _protectedHeader = CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteMapHeader(1);
            writer.WriteUInt64(1);
            writer.WriteInt64(options.IsUnsigned ? UnsignedAlgorithm : Es384);
        });
    }

    /// <summary>Empty where documents are unsigned.</summary>
    public ReadOnlyMemory<byte> RootCertificate => _pki?.RootCertificate ?? default;

    public byte[] Write(NsmRequest request, PcrBank pcrs)
    {
        DateTimeOffset now = _time.GetUtcNow();
        byte[] payload = WritePayload(request, pcrs, now, _pki?.At(now) ?? new CertificateChain(now, now, [UnsignedZeros], UnsignedZeros));
        byte[] signature = _pki is null ? UnsignedZeros : Sign(_pki.LeafKey, payload);
        return CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteArrayHeader(4);
            writer.WriteByteString(_protectedHeader);
            writer.WriteMapHeader(0);
            writer.WriteByteString(payload);
            writer.WriteByteString(signature);
        });
    }

    public void Dispose() => _pki?.Dispose();

    private byte[] WritePayload(NsmRequest request, PcrBank pcrs, DateTimeOffset now, CertificateChain chain)
    {
        long timestampMs = _options.HasWholeSeconds ? now.ToUnixTimeSeconds() * 1000 : now.ToUnixTimeMilliseconds();
        int[] locked = [.. pcrs.Locked];
        return CborWriter.ToArray((ref CborWriter writer) =>
        {
            WriteMapStart(ref writer, fields: 9);
            writer.WriteText("module_id"u8);
            writer.WriteText(_options.ModuleId);
            writer.WriteText("digest"u8);
            writer.WriteText("SHA384"u8);
            writer.WriteText("timestamp"u8);
            writer.WriteInt64(timestampMs);
            writer.WriteText("pcrs"u8);
            writer.WriteMapHeader(locked.Length);
            foreach (int index in locked)
            {
                writer.WriteInt64(index);
                writer.WriteByteString(pcrs.Value(index).Span);
            }

            writer.WriteText("certificate"u8);
            writer.WriteByteString(chain.Leaf.Span);
            writer.WriteText("cabundle"u8);
            writer.WriteArrayHeader(chain.Bundle.Count);
            foreach (ReadOnlyMemory<byte> certificate in chain.Bundle)
            {
                writer.WriteByteString(certificate.Span);
            }

            WriteOptional(ref writer, "public_key"u8, request.PublicKey);
            WriteOptional(ref writer, "user_data"u8, request.UserData);
            WriteOptional(ref writer, "nonce"u8, request.Nonce);
            WriteMapEnd(ref writer);
        });
    }

    private void WriteMapStart(ref CborWriter writer, int fields)
    {
        if (_options.IsIndefiniteLength)
        {
            writer.WriteEncoded(MapOfIndefiniteLength);
        }
        else
        {
            writer.WriteMapHeader(fields);
        }
    }

    private void WriteMapEnd(ref CborWriter writer)
    {
        if (_options.IsIndefiniteLength)
        {
            writer.WriteEncoded(Break);
        }
    }

    private static void WriteOptional(ref CborWriter writer, ReadOnlySpan<byte> key, byte[]? value)
    {
        writer.WriteText(key);
        if (value is null)
        {
            writer.WriteNull();
        }
        else
        {
            writer.WriteByteString(value);
        }
    }

    // RFC 9052 section 4.4: what is signed is ["Signature1", protected header, external data, payload]; r ‖ s by RFC 9053 section 2.1.
    private byte[] Sign(ECDsa key, byte[] payload)
    {
        byte[] toBeSigned = CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteArrayHeader(4);
            writer.WriteText("Signature1"u8);
            writer.WriteByteString(_protectedHeader);
            writer.WriteByteString([]);
            writer.WriteByteString(payload);
        });
        return key.SignData(toBeSigned, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
