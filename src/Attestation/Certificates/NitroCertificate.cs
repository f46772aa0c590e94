using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Init.Attestation.Certificates;

/// <summary>
/// An X.509 v3 certificate (RFC 5280) as Nitro's chains use it: DER, ecdsa-with-SHA384, a P-384 key. What is not of this kind is refused
/// rather than understood.
/// </summary>
internal sealed class NitroCertificate
{
    private const int Version3 = 2;
    private const string EcdsaWithSha384 = "1.2.840.10045.4.3.3";
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string Secp384R1 = "1.3.132.0.34";

    // RFC 5280 section 4.1.2.5.1: 50 and above are of the 20th century.
    private const int LastTwoDigitYear = 2049;

    private static readonly Asn1Tag[] TextTags =
        [new(UniversalTagNumber.UTF8String), new(UniversalTagNumber.PrintableString), new(UniversalTagNumber.IA5String)];

    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3);

    private NitroCertificate()
    {
    }

    /// <summary>The part that is signed, DER.</summary>
    public required ReadOnlyMemory<byte> ToBeSigned { get; init; }

    /// <summary>DER of r and s.</summary>
    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>DER of a distinguished name.</summary>
    public required ReadOnlyMemory<byte> Issuer { get; init; }

    /// <summary>DER of a distinguished name.</summary>
    public required ReadOnlyMemory<byte> Subject { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required P384Key Key { get; init; }

    public required CertificateExtensions Extensions { get; init; }

    /// <summary>SHA-256 of the DER, 64 hexadecimal digits in lower case.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Whether it may stand above others.</summary>
    public bool IsAuthority => Extensions is { IsAuthority: true, MaySignCertificates: true };

    /// <param name="der">Must not change afterwards.</param>
    /// <exception cref="AttestationException">Certificate.</exception>
    public static NitroCertificate Parse(ReadOnlyMemory<byte> der)
    {
        try
        {
            return Read(der);
        }
        catch (AsnContentException malformed)
        {
            throw Refused("not DER, or not of this structure", malformed);
        }
    }

    /// <summary>A reason to refuse a certificate.</summary>
    internal static AttestationException Refused(string cause, Exception? inner = null) => new(AttestationError.Certificate, cause, inner);

    private static NitroCertificate Read(ReadOnlyMemory<byte> der)
    {
        AsnReader file = new(der, AsnEncodingRules.DER);
        AsnReader certificate = file.ReadSequence();
        file.ThrowIfNotEmpty();
        ReadOnlyMemory<byte> toBeSigned = certificate.PeekEncodedValue();
        AsnReader body = certificate.ReadSequence();
        RequireEcdsaWithSha384(certificate);
        ReadOnlyMemory<byte> signature = ReadBits(certificate);
        certificate.ThrowIfNotEmpty();

        RequireVersionAndSerial(body);
        RequireEcdsaWithSha384(body);
        ReadOnlyMemory<byte> issuer = ReadName(body);
        AsnReader validity = body.ReadSequence();
        DateTimeOffset notBefore = ReadTime(validity);
        DateTimeOffset notAfter = ReadTime(validity);
        validity.ThrowIfNotEmpty();
        ReadOnlyMemory<byte> subject = ReadName(body);
        P384Key key = ReadKey(body);

        // Unique identifiers, [1] and [2], are no longer to be used (RFC 5280 section 4.1.2.8).
        AsnReader wrapped = body.ReadSequence(ExtensionsTag);
        CertificateExtensions extensions = CertificateExtensions.Read(wrapped.ReadSequence());
        wrapped.ThrowIfNotEmpty();
        body.ThrowIfNotEmpty();
        return new NitroCertificate
        {
            ToBeSigned = toBeSigned,
            Signature = signature,
            Issuer = issuer,
            Subject = subject,
            NotBefore = notBefore,
            NotAfter = notAfter,
            Key = key,
            Extensions = extensions,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(der.Span)),
        };
    }

    private static void RequireVersionAndSerial(AsnReader body)
    {
        AsnReader version = body.ReadSequence(VersionTag);
        if (!version.TryReadInt32(out int number) || number != Version3)
        {
            throw Refused("not version 3");
        }

        version.ThrowIfNotEmpty();

        // Of any length: AWS's have up to 20 bytes and a zero before them, one more than some parsers allow.
        body.ReadIntegerBytes();
    }

    // Both places name the algorithm; RFC 5280 section 4.1.1.2 wants them equal, and RFC 5758 section 3.2 no parameters.
    private static void RequireEcdsaWithSha384(AsnReader reader)
    {
        AsnReader algorithm = reader.ReadSequence();
        if (algorithm.ReadObjectIdentifier() != EcdsaWithSha384 || algorithm.HasData)
        {
            throw Refused("not signed by ECDSA with SHA-384");
        }
    }

    private static ReadOnlyMemory<byte> ReadName(AsnReader body)
    {
        ReadOnlyMemory<byte> name = body.PeekEncodedValue();
        AsnReader parts = body.ReadSequence();
        if (!parts.HasData)
        {
            throw Refused("a name that is empty");
        }

        while (parts.HasData)
        {
            RequireNamePart(parts.ReadSetOf());
        }

        return name;
    }

    // RFC 5280 section 4.1.2.4: a set of pairs of a type and a text.
    private static void RequireNamePart(AsnReader attributes)
    {
        if (!attributes.HasData)
        {
            throw Refused("a part of a name that is empty");
        }

        while (attributes.HasData)
        {
            AsnReader attribute = attributes.ReadSequence();
            attribute.ReadObjectIdentifier();
            Asn1Tag text = attribute.PeekTag();
            if (!TextTags.Any(text.HasSameClassAndValue))
            {
                throw Refused("a part of a name that is no text");
            }

            attribute.ReadCharacterString((UniversalTagNumber)text.TagValue);
            attribute.ThrowIfNotEmpty();
        }
    }

    // RFC 5280 section 4.1.2.5.2: whole seconds.
    private static DateTimeOffset ReadTime(AsnReader validity)
    {
        DateTimeOffset time = validity.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
            ? validity.ReadUtcTime(LastTwoDigitYear)
            : validity.ReadGeneralizedTime();
        return time.Ticks % TimeSpan.TicksPerSecond == 0 ? time : throw Refused("a time with a fraction of a second");
    }

    private static P384Key ReadKey(AsnReader body)
    {
        AsnReader info = body.ReadSequence();
        AsnReader algorithm = info.ReadSequence();
        if (algorithm.ReadObjectIdentifier() != EcPublicKey
            || !algorithm.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier)
            || algorithm.ReadObjectIdentifier() != Secp384R1)
        {
            throw Refused("a key that is not on P-384");
        }

        algorithm.ThrowIfNotEmpty();
        ReadOnlyMemory<byte> point = ReadBits(info);
        info.ThrowIfNotEmpty();
        return P384Key.TryRead(point.Span) ?? throw Refused("a key that is not an uncompressed point of P-384");
    }

    private static ReadOnlyMemory<byte> ReadBits(AsnReader reader) =>
        reader.TryReadPrimitiveBitString(out int unused, out ReadOnlyMemory<byte> bits) && unused == 0
            ? bits
            : throw Refused("a bit string that is not whole bytes");
}
