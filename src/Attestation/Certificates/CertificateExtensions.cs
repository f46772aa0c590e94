using System.Collections;
using System.Formats.Asn1;

namespace Init.Attestation.Certificates;

/// <summary>Basic constraints and key usage, RFC 5280 section 4.2.1. Others are skipped, or refused where they are critical.</summary>
internal sealed record CertificateExtensions
{
    private const string BasicConstraintsId = "2.5.29.19";
    private const string KeyUsageId = "2.5.29.15";
    private const int DigitalSignatureBit = 0;
    private const int KeyCertSignBit = 5;

    private CertificateExtensions()
    {
    }

    /// <summary>By critical basic constraints, as section 4.2.1.9 wants them of an authority.</summary>
    public bool IsAuthority { get; private set; }

    /// <summary>How many authorities may stand below; null for any number.</summary>
    public int? PathLength { get; private set; }

    /// <summary>Whether it says what the key is for.</summary>
    public bool MaySignData { get; private set; }

    /// <summary>keyCertSign.</summary>
    public bool MaySignCertificates { get; private set; }

    /// <exception cref="AttestationException">Certificate.</exception>
    /// <exception cref="AsnContentException">Not DER.</exception>
    public static CertificateExtensions Read(AsnReader list)
    {
        CertificateExtensions extensions = new();
        HashSet<string> seen = [];
        while (list.HasData)
        {
            AsnReader extension = list.ReadSequence();
            string id = extension.ReadObjectIdentifier();
            bool isCritical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            byte[] value = extension.ReadOctetString();
            extension.ThrowIfNotEmpty();
            if (!seen.Add(id))
            {
                throw NitroCertificate.Refused($"extension {id} twice");
            }

            extensions.Take(id, isCritical, new AsnReader(value, AsnEncodingRules.DER));
        }

        return extensions;
    }

    private void Take(string id, bool isCritical, AsnReader value)
    {
        switch (id)
        {
            case BasicConstraintsId:
                TakeBasicConstraints(isCritical, value.ReadSequence());
                value.ThrowIfNotEmpty();
                break;
            case KeyUsageId:
                BitArray usage = value.ReadNamedBitList();
                value.ThrowIfNotEmpty();
                MaySignData = Has(usage, DigitalSignatureBit);
                MaySignCertificates = Has(usage, KeyCertSignBit);
                break;
            default:
                if (isCritical)
                {
                    throw NitroCertificate.Refused($"critical extension {id}, which is not known");
                }

                break;
        }
    }

    private void TakeBasicConstraints(bool isCritical, AsnReader constraints)
    {
        bool isAuthority = constraints.HasData && constraints.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && constraints.ReadBoolean();
        if (constraints.HasData)
        {
            PathLength = constraints.TryReadInt32(out int length) && length >= 0 && isAuthority
                ? length
                : throw NitroCertificate.Refused("a path length that is none");
        }

        constraints.ThrowIfNotEmpty();
        if (isAuthority && !isCritical)
        {
            throw NitroCertificate.Refused("basic constraints of an authority that are not critical");
        }

        IsAuthority = isAuthority;
    }

    private static bool Has(BitArray bits, int index) => index < bits.Length && bits[index];
}
