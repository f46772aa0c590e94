using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Init.Wire;

namespace Init.Eif;

/// <summary>The signature section: a CBOR array of maps {signing_certificate, signature}, bytes written as arrays of integers.</summary>
/// <remarks>
/// serde's form of a Vec of bytes (aws-nitro-enclaves-image-format, PcrSignature). The certificate is PEM; the signature is an untagged
/// COSE_Sign1 (RFC 9052 section 4.2) over <see cref="PcrInfo"/>. Only the first pair counts, as in nitro-cli.
/// </remarks>
public sealed class EifSignature
{
    private const string CertificateLabel = "CERTIFICATE";

    private readonly byte[] _certificate;
    private readonly byte[] _sign1;

    private EifSignature(byte[] certificate, byte[] sign1)
    {
        _certificate = certificate;
        _sign1 = sign1;
    }

    /// <summary>The signing certificate, DER. It is as its signer made it: no chain leads to anybody.</summary>
    public ReadOnlyMemory<byte> Certificate => _certificate;

    /// <summary>PCR8: the measurement of the certificate.</summary>
    internal string CertificateMeasurement
    {
        get
        {
            using PcrHash pcr = new();
            pcr.Append(_certificate);
            return pcr.Value();
        }
    }

    /// <summary>
    /// Checks that the certificate's key signed this PCR0, and that the certificate is valid now. It does not say whose key that is: who
    /// wants a certain signer compares PCR8.
    /// </summary>
    /// <returns>Whom the certificate names.</returns>
    /// <exception cref="EifException"><see cref="EifError.Signature"/>, with the cause.</exception>
    public string Verify(string pcr0, DateTimeOffset now)
    {
        using X509Certificate2 certificate = SigningCertificate.Load(_certificate);
        SigningCertificate.CheckValidity(certificate, now);
        using ECDsa key = SigningCertificate.KeyOf(certificate);
        CoseSign1.Verify(_sign1, PcrInfo(pcr0), key);
        return certificate.Subject;
    }

    /// <summary>Reads a section.</summary>
    /// <exception cref="EifException"><see cref="EifError.Signature"/>.</exception>
    internal static EifSignature Read(byte[] section)
    {
        (byte[] pem, byte[] sign1) = ReadFirst(section);
        return new EifSignature(CertificateOf(Encoding.Latin1.GetString(pem)), sign1);
    }

    /// <summary>The section for one certificate and one signature.</summary>
    internal static byte[] Write(byte[] certificate, byte[] sign1)
    {
        byte[] pem = Encoding.ASCII.GetBytes(PemEncoding.WriteString(CertificateLabel, certificate) + "\n");
        return CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteArrayHeader(1);
            writer.WriteMapHeader(2);
            writer.WriteText("signing_certificate"u8);
            WriteBytes(ref writer, pem);
            writer.WriteText("signature"u8);
            WriteBytes(ref writer, sign1);
        });
    }

    /// <summary>What is signed: {register_index: 0, register_value: PCR0}, in this order, as nitro-cli compares it byte by byte.</summary>
    internal static byte[] PcrInfo(string pcr0) => CborWriter.ToArray((ref CborWriter writer) =>
    {
        writer.WriteMapHeader(2);
        writer.WriteText("register_index"u8);
        writer.WriteUInt64(0);
        writer.WriteText("register_value"u8);
        WriteBytes(ref writer, Convert.FromHexString(pcr0));
    });

    /// <summary>The first certificate in PEM text, DER.</summary>
    internal static byte[] CertificateOf(string pem)
    {
        if (!PemEncoding.TryFind(pem, out PemFields fields) || pem[fields.Label] != CertificateLabel)
        {
            throw Refused("its first certificate is not PEM");
        }

        byte[] der = new byte[fields.DecodedDataLength];
        return Convert.TryFromBase64Chars(pem.AsSpan()[fields.Base64Data], der, out int written) && written == der.Length
            ? der
            : throw Refused("its first certificate is not PEM");
    }

    private static (byte[] Certificate, byte[] Sign1) ReadFirst(byte[] section)
    {
        try
        {
            CborReader reader = new(section, CborRules.WellFormed);
            CborItems signatures = reader.ReadArray();
            (byte[], byte[])? first = null;
            while (reader.HasNext(ref signatures))
            {
                (byte[], byte[]) pair = ReadPair(ref reader);
                first ??= pair;
            }

            reader.ReadEnd();
            return first ?? throw Refused("it is empty");
        }
        catch (WireException e)
        {
            throw Refused(e.Message, e);
        }
    }

    private static (byte[] Certificate, byte[] Sign1) ReadPair(ref CborReader reader)
    {
        byte[]? certificate = null, sign1 = null;
        CborItems fields = reader.ReadMap();
        while (reader.HasNext(ref fields))
        {
            ReadOnlySpan<byte> key = reader.ReadTextUtf8();
            if (key.SequenceEqual("signing_certificate"u8) && certificate is null)
            {
                certificate = ReadBytes(ref reader);
            }
            else if (key.SequenceEqual("signature"u8) && sign1 is null)
            {
                sign1 = ReadBytes(ref reader);
            }
            else
            {
                throw Refused("it has an unknown field, or one twice");
            }
        }

        return certificate is not null && sign1 is { Length: > 0 } ? (certificate, sign1) : throw Refused("a field is missing");
    }

    private static void WriteBytes(ref CborWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.WriteArrayHeader(bytes.Length);
        foreach (byte value in bytes)
        {
            writer.WriteUInt64(value);
        }
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

    internal static EifException Refused(string cause, Exception? inner = null) =>
        new(EifError.Signature, $"read signature: {cause}", inner);
}
