using System.Security.Cryptography;

namespace Init.Attestation.Tests;

/// <summary>COSE_Sign1: what of it may differ, and the ways to lie in it.</summary>
public sealed class EnvelopeTests
{
    // The order of P-384 (FIPS 186-4 D.1.2.4).
    private static readonly byte[] Order = Convert.FromHexString(
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_document_is_accepted_tagged_or_not_with_a_map_of_either_length(bool isTagged, bool isIndefinite)
    {
        AttestationReport report = new Forge { Prefix = isTagged ? [0xd2] : [], IsIndefinite = isIndefinite }.Verify();
        Expect.Accepted(report, AttestationTrust.ConfiguredRoot);
        Assert.Contains(isTagged ? ", tagged" : "untagged", report.Steps[0].Detail, StringComparison.Ordinal);
        Assert.Contains(isIndefinite ? "of indefinite length" : "of definite length", report.Steps[0].Detail, StringComparison.Ordinal);
        Assert.Equal([7, 8, 9], report.Claims.PublicKey!.Value.ToArray());
        Assert.Null(report.Claims.UserData);
        Assert.Equal("i-0123-enc4567", report.Claims.ModuleId);
    }

    [Theory]
    [InlineData("a10126", "algorithm -7, not -35 (ES384)")] // ES256
    [InlineData("a1013823", "algorithm -36, not -35")] // ES512
    [InlineData("a10105", "algorithm 5, not -35")] // HMAC 256/256, the classic confusion
    [InlineData("a1013824", "algorithm -37, not -35")] // PS256
    [InlineData("a10127", "algorithm -8, not -35")] // EdDSA
    [InlineData("", "not an algorithm alone")]
    [InlineData("a0", "not an algorithm alone")]
    [InlineData("a101654553333834", "not an algorithm alone")] // "ES384"
    [InlineData("a1043822", "not an algorithm alone")] // as a key id
    [InlineData("a201382204f6", "not an algorithm alone")] // and a key id
    [InlineData("a10120", "algorithm -1")] // QEMU's, but with a signature
    public void Another_algorithm_is_refused_although_the_signature_is_right(string header, string text) => Expect.Refused(
        new Forge { ProtectedHeader = Convert.FromHexString(header) }.Verify(), AttestationError.Algorithm, text, AttestationStep.Algorithm);

    [Theory]
    [InlineData("a1013822", "a1013822", "an unprotected header that is not empty")]
    [InlineData("", "a1013822", "an unprotected header that is not empty")]
    [InlineData("a1013822", "a10441aa", "an unprotected header that is not empty")]
    [InlineData("a1013822", "80", "expected Map")]
    [InlineData("a1013822", "f6", "expected Map")]
    [InlineData("a1013822ff", "a0", "read CBOR")]
    [InlineData("a2013822013822", "a0", "read CBOR")]
    [InlineData("3822", "a0", "expected Map")]
    public void A_header_that_is_none_is_refused(string header, string unprotected, string text)
    {
        Forge forge = new() { ProtectedHeader = Convert.FromHexString(header), Unprotected = Convert.FromHexString(unprotected) };
        Expect.Throws(AttestationError.Malformed, text, () => forge.Verify());
    }

    [Theory]
    [InlineData("d3")] // 19
    [InlineData("d861")] // 97: COSE_Sign
    [InlineData("d9d9f7")] // 55799: self-described CBOR
    public void Another_tag_is_refused(string tag) =>
        Expect.Throws(AttestationError.Malformed, "a tag other than", () => new Forge { Prefix = Convert.FromHexString(tag) }.Verify());

    [Fact]
    public void Two_tags_are_refused() =>
        Expect.Throws(AttestationError.Malformed, "expected Array", () => new Forge { Prefix = [0xd2, 0xd2] }.Verify());

    [Theory]
    [InlineData("00")]
    [InlineData("f6")]
    [InlineData("ff")]
    public void Bytes_behind_the_document_are_refused(string suffix) =>
        Expect.Throws(AttestationError.Malformed, "read CBOR", () => new Forge { Suffix = Convert.FromHexString(suffix) }.Verify());

    [Fact]
    public void A_document_longer_than_the_NSM_can_make_one_is_refused() => Expect.Throws(
        AttestationError.Malformed, "12289 bytes, the limit is 12288", () => new Forge().Policy.Verifier().Verify(new byte[12_289]));

    [Theory]
    [InlineData("83404040")]
    [InlineData("8540a0404040")]
    [InlineData("a0")]
    [InlineData("40")]
    [InlineData("f6")]
    [InlineData("")]
    [InlineData("84f6a04040")]
    [InlineData("8440a0f640")]
    [InlineData("8440a040f6")]
    [InlineData("8440a05f4140ff40")] // the payload in chunks
    public void What_is_no_array_of_two_headers_payload_and_signature_is_refused(string document) => Expect.Throws(
        AttestationError.Malformed, "read attestation document", () => new Forge().Policy.Verifier().Verify(Convert.FromHexString(document)));

    [Fact]
    public void A_signature_of_another_length_is_refused()
    {
        foreach (Func<byte[], byte[]> bend in (Func<byte[], byte[]>[])
            [s => [], s => s[..95], s => [.. s, 0], s => [0, .. s], s => s[..48], s => [.. s, .. s], ToDer])
        {
            AttestationReport report = new Forge { BendSignature = bend }.Verify();
            Expect.Refused(report, AttestationError.Signature, "has not signed", AttestationStep.Signature);
        }
    }

    [Fact]
    public void A_signature_with_a_zero_or_the_groups_order_in_it_is_refused()
    {
        byte[] zero = new byte[48];
        foreach (Func<byte[], byte[]> bend in (Func<byte[], byte[]>[])
            [s => [.. zero, .. s[48..]], s => [.. s[..48], .. zero], s => [.. zero, .. zero], s => [.. Order, .. s[48..]], s => [.. s[..48], .. Order]])
        {
            AttestationReport report = new Forge { BendSignature = bend }.Verify();
            Expect.Refused(report, AttestationError.Signature, "has not signed", AttestationStep.Signature);
        }
    }

    [Fact]
    public void The_signature_with_s_in_the_other_half_is_accepted()
    {
        Forge forge = new()
        {
            BendSignature = s => [.. s[..48], .. (new System.Numerics.BigInteger(Order, true, true) - new System.Numerics.BigInteger(s.AsSpan(48), true, true)).ToFixed(48)],
        };
        Expect.Accepted(forge.Verify(), AttestationTrust.ConfiguredRoot);
    }

    [Fact]
    public void Another_keys_signature_is_refused()
    {
        Forge forge = new();
        ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Forge stranger = new() { BendSignature = _ => other.SignHash(new byte[48]) };
        Expect.Accepted(forge.Verify(), AttestationTrust.ConfiguredRoot);
        Expect.Refused(stranger.Verify(), AttestationError.Signature, "has not signed", AttestationStep.Signature);
    }

    [Fact]
    public void A_signature_of_the_payload_without_its_context_is_refused()
    {
        // As if it were no COSE: a signature over the payload, or over the structure of COSE_Sign ("Signature").
        Forge forge = new();
        forge.BendSignature = _ => forge.Leaf.Key.SignData([1, 2, 3], HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        Expect.Refused(forge.Verify(), AttestationError.Signature, "has not signed", AttestationStep.Signature);
    }

    private static byte[] ToDer(byte[] signature)
    {
        System.Formats.Asn1.AsnWriter writer = new(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new System.Numerics.BigInteger(signature.AsSpan(0, 48), true, true));
            writer.WriteInteger(new System.Numerics.BigInteger(signature.AsSpan(48), true, true));
        }

        return writer.Encode();
    }
}
