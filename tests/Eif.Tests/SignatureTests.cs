using System.Security.Cryptography;
using System.Text;

namespace Init.Eif.Tests;

public sealed class SignatureTests
{
    // What a certificate is does not matter to its measurement.
    private static readonly byte[] Der = [0x30, 0x03, 0x02, 0x01, 0x2a];

    private static readonly string Pem = new(PemEncoding.Write("CERTIFICATE", Der));

    [Fact]
    public void Pcr8_is_the_measurement_of_the_certificate()
    {
        byte[] image = SampleImage.WithSection(SampleImage.Write(), EifSectionType.Signature, Section());
        string expected = Convert.ToHexStringLower(SHA384.HashData([.. new byte[48], .. SHA384.HashData(Der)]));
        Assert.Equal(expected, SampleImage.Read(image).Measurements.Pcr8);
    }

    [Fact]
    public void The_other_registers_do_not_depend_on_the_signature()
    {
        byte[] image = SampleImage.Write();
        EifMeasurements unsigned = SampleImage.Read(image).Measurements;
        EifMeasurements signed = SampleImage.Read(SampleImage.WithSection(image, EifSectionType.Signature, Section())).Measurements;
        Assert.Null(unsigned.Pcr8);
        Assert.Equal(unsigned, signed with { Pcr8 = null });
    }

    [Fact]
    public void A_signature_section_as_serde_writes_it_is_read()
    {
        // [{"signing_certificate": [0x2d, 0x2d, ..], "signature": [1]}]: integers from 24 on take two bytes.
        byte[] section = Section();
        Assert.Equal([0x81, 0xa2, 0x73], section[..3]);
        Assert.Equal([0x18, 0x2d, 0x18, 0x2d], section[(3 + 19 + 3)..][..4]);
    }

    public static TheoryData<string, byte[]> Refusals { get; } = new()
    {
        { "it is empty", [0x80] },
        { "expected Array", [0xa0] },
        { "a field is missing", [0x81, 0xa0] },
        { "a field is missing", [0x81, 0xa1, .. Text("signature"), 0x81, 1] },
        { "unknown field", [0x81, 0xa1, .. Text("sig"), 0x81, 1] },
        { "a byte is 256", [0x81, 0xa1, .. Text("signature"), 0x81, 0x19, 1, 0] },
        { "not PEM", Section("no certificate") },
        { "not PEM", Section(new string(PemEncoding.Write("PUBLIC KEY", Der))) },
        { "read CBOR", [] },
        { "read CBOR", [.. Section(), 0] },
        { "read CBOR", Section()[..^1] },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Another_shape_is_refused(string cause, byte[] section) =>
        Fails.With(EifError.Signature, cause, () => EifSignature.Read(section));

    public static byte[] Section() => Section(Pem);

    private static byte[] Section(string pem) =>
        [0x81, 0xa2, .. Text("signing_certificate"), .. Integers(Encoding.ASCII.GetBytes(pem)), .. Text("signature"), .. Integers([1, 200])];

    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Integers(byte[] bytes) =>
        [0x99, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes.SelectMany(b => b < 24 ? new[] { b } : [0x18, b])];
}
