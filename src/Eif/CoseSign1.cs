using System.Security.Cryptography;
using Init.Wire;

namespace Init.Eif;

/// <summary>An untagged COSE_Sign1 (RFC 9052 section 4.2) with ES384 (RFC 9053 section 2.1) and nothing else in its headers.</summary>
internal static class CoseSign1
{
    private const int SignatureBytes = 96;

    /// <summary>{1: -35}: algorithm ES384.</summary>
    private static ReadOnlySpan<byte> ProtectedHeader => [0xa1, 0x01, 0x38, 0x22];

    /// <summary>Signs with a random nonce: another signature each time.</summary>
    public static byte[] Sign(byte[] payload, ECDsa key)
    {
        byte[] signature = key.SignData(ToBeSigned(payload), HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteArrayHeader(4);
            writer.WriteByteString(ProtectedHeader);
            writer.WriteMapHeader(0);
            writer.WriteByteString(payload);
            writer.WriteByteString(signature);
        });
    }

    /// <summary>Checks that it is the key's signature over this payload.</summary>
    /// <exception cref="EifException"><see cref="EifError.Signature"/>.</exception>
    public static void Verify(byte[] sign1, byte[] payload, ECDsa key)
    {
        byte[] signature = Read(sign1, payload);
        if (!key.VerifyData(ToBeSigned(payload), signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
        {
            throw EifSignature.Refused("the certificate's key did not make it");
        }
    }

    private static byte[] Read(byte[] sign1, byte[] payload)
    {
        try
        {
            CborReader reader = new(sign1, CborRules.WellFormed);
            CborItems items = reader.ReadArray();
            ReadOnlySpan<byte> header = reader.HasNext(ref items) ? reader.ReadByteString() : [];
            if (!header.SequenceEqual(ProtectedHeader))
            {
                throw EifSignature.Refused("its algorithm is not ES384");
            }

            if (reader.HasNext(ref items))
            {
                CborItems unprotected = reader.ReadMap();
                if (reader.HasNext(ref unprotected))
                {
                    throw EifSignature.Refused("it has an unprotected header");
                }
            }

            ReadOnlySpan<byte> signed = reader.HasNext(ref items) ? reader.ReadByteString() : [];
            if (!signed.SequenceEqual(payload))
            {
                throw EifSignature.Refused("it is over something else than this image's PCR0");
            }

            byte[] signature = reader.HasNext(ref items) ? reader.ReadByteString().ToArray() : [];
            if (signature.Length != SignatureBytes || reader.HasNext(ref items))
            {
                throw EifSignature.Refused("it is no COSE_Sign1 of ES384");
            }

            reader.ReadEnd();
            return signature;
        }
        catch (WireException e)
        {
            throw EifSignature.Refused(e.Message, e);
        }
    }

    /// <summary>RFC 9052 section 4.4: ["Signature1", protected header, external data, payload].</summary>
    private static byte[] ToBeSigned(byte[] payload) => CborWriter.ToArray((ref CborWriter writer) =>
    {
        writer.WriteArrayHeader(4);
        writer.WriteText("Signature1"u8);
        writer.WriteByteString(ProtectedHeader);
        writer.WriteByteString([]);
        writer.WriteByteString(payload);
    });
}
