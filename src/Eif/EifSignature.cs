using System.Security.Cryptography;
using System.Text;
using Init.Wire;

namespace Init.Eif;

/// <summary>The signature section: a CBOR array of maps {signing_certificate, signature}, bytes written as arrays of integers.</summary>
/// <remarks>serde's form of a Vec of bytes (aws-nitro-enclaves-image-format, PcrSignature). The certificate is PEM.</remarks>
internal static class EifSignature
{
    private const string CertificateLabel = "CERTIFICATE";

    /// <summary>PCR8: the measurement of the first signing certificate, as the loader takes it. No signature is verified.</summary>
    /// <exception cref="EifException"><see cref="EifError.Signature"/>.</exception>
    public static string CertificateMeasurement(byte[] section)
    {
        string pem = Encoding.Latin1.GetString(FirstCertificate(section));
        if (!PemEncoding.TryFind(pem, out PemFields fields) || pem[fields.Label] != CertificateLabel)
        {
            throw Refused("its first certificate is not PEM");
        }

        byte[] der = new byte[fields.DecodedDataLength];
        if (!Convert.TryFromBase64Chars(pem.AsSpan()[fields.Base64Data], der, out int written) || written != der.Length)
        {
            throw Refused("its first certificate is not PEM");
        }

        using PcrHash pcr = new();
        pcr.Append(der);
        return pcr.Value();
    }

    private static byte[] FirstCertificate(byte[] section)
    {
        try
        {
            CborReader reader = new(section, CborRules.WellFormed);
            CborItems signatures = reader.ReadArray();
            byte[]? first = null;
            while (reader.HasNext(ref signatures))
            {
                byte[] certificate = ReadCertificate(ref reader);
                first ??= certificate;
            }

            reader.ReadEnd();
            return first ?? throw Refused("it is empty");
        }
        catch (WireException e)
        {
            throw Refused(e.Message, e);
        }
    }

    private static byte[] ReadCertificate(ref CborReader reader)
    {
        byte[]? certificate = null;
        bool hasSignature = false;
        CborItems fields = reader.ReadMap();
        while (reader.HasNext(ref fields))
        {
            ReadOnlySpan<byte> key = reader.ReadTextUtf8();
            if (key.SequenceEqual("signing_certificate"u8))
            {
                certificate = ReadBytes(ref reader);
            }
            else if (key.SequenceEqual("signature"u8))
            {
                hasSignature = ReadBytes(ref reader).Length > 0;
            }
            else
            {
                throw Refused("it has an unknown field");
            }
        }

        return certificate is not null && hasSignature ? certificate : throw Refused("a field is missing");
    }

    private static byte[] ReadBytes(ref CborReader reader)
    {
        List<byte> bytes = [];
        CborItems items = reader.ReadArray();
        while (reader.HasNext(ref items))
        {
            ulong value = reader.ReadUInt64();
            bytes.Add(value <= byte.MaxValue ? (byte)value : throw Refused($"a byte is {value}"));
        }

        return [.. bytes];
    }

    private static EifException Refused(string cause, Exception? inner = null) =>
        new(EifError.Signature, $"read signature: {cause}", inner);
}
