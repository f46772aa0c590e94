using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Init.Eif.Tests;

public sealed class SigningTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly SampleSigner Signer = SampleSigner.Create(Now);

    [Fact]
    public void A_signed_image_verifies_and_measures_its_certificate()
    {
        byte[] unsigned = SampleImage.Write();
        EifImage signed = SampleImage.Read(Signer.Sign(unsigned));
        Assert.Equal("CN=signer", signed.Signature!.Verify(signed.Measurements.Pcr0, Now));
        string pcr8 = Convert.ToHexStringLower(SHA384.HashData([.. new byte[48], .. SHA384.HashData(Signer.Certificate)]));
        Assert.Equal(SampleImage.Read(unsigned).Measurements with { Pcr8 = pcr8 }, signed.Measurements);
    }

    [Fact]
    public void What_stands_before_the_signature_stays_as_it_is()
    {
        // Another maker's header: arm64, other defaults.
        byte[] unsigned = SampleImage.With(SampleImage.Write(), 7, 1, 0, 0, 0, 0, 1, 2, 3, 4);
        byte[] signed = Signer.Sign(unsigned);
        Assert.Equal(unsigned[..26], signed[..26]);
        Assert.Equal(unsigned[548..], signed[548..unsigned.Length]);
        Assert.Equal(SampleImage.Read(unsigned).Header with { Checksum = 0 }, SampleImage.Read(signed).Header with { Checksum = 0 });
    }

    [Fact]
    public void The_section_is_what_nitro_cli_makes_of_the_same_key()
    {
        // Built here by hand from aws-nitro-enclaves-image-format's structures: serde's maps in the order of the fields, bytes as arrays of
        // integers, COSE_Sign1 as an array of four.
        byte[] image = Signer.Sign(SampleImage.Write());
        EifImage read = SampleImage.Read(image);
        EifSection section = read.Sections[^1];
        byte[] body = image[(int)section.BodyOffset..];
        byte[] pem = Encoding.ASCII.GetBytes(Signer.CertificatePem + "\n");
        byte[] head = [0x81, 0xa2, .. Text("signing_certificate"), .. Integers(pem), .. Text("signature"), 0x98];
        Assert.Equal(head, body[..head.Length]);

        byte[] sign1 = FromIntegers(body[(head.Length - 1)..]);
        byte[] payload = [0xa2, .. Text("register_index"), 0, .. Text("register_value"), .. Integers(Convert.FromHexString(read.Measurements.Pcr0))];
        byte[] protectedHeader = [0xa1, 0x01, 0x38, 0x22];
        byte[] start = [0x84, 0x44, .. protectedHeader, 0xa0, .. Bytes(payload), 0x58, 0x60];
        Assert.Equal(start, sign1[..start.Length]);
        byte[] toBeSigned = [0x84, .. Text("Signature1"), 0x44, .. protectedHeader, 0x40, .. Bytes(payload)];
        Assert.True(Signer.Key.VerifyData(toBeSigned, sign1[start.Length..], HashAlgorithmName.SHA384));
    }

    [Fact]
    public void Another_signature_takes_the_place_of_the_first()
    {
        byte[] once = Signer.Sign(SampleImage.Write());
        SampleSigner other = SampleSigner.Create(Now);
        EifImage twice = SampleImage.Read(other.Sign(once));
        Assert.Single(twice.Sections, s => s.Type == EifSectionType.Signature);
        Assert.Equal(other.Certificate, twice.Signature!.Certificate.ToArray());
        twice.Signature.Verify(twice.Measurements.Pcr0, Now);
    }

    [Fact]
    public void Two_signatures_of_the_same_image_differ()
    {
        byte[] image = SampleImage.Write();
        Assert.NotEqual(Signer.Sign(image), Signer.Sign(image));
    }

    public static TheoryData<string> KeyForms { get; } =
    [
        Signer.Key.ExportECPrivateKeyPem(),
        Signer.Key.ExportPkcs8PrivateKeyPem(),
        // As `openssl ecparam -genkey` writes it.
        "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n" + Signer.Key.ExportECPrivateKeyPem() + "\n",
    ];

    [Theory]
    [MemberData(nameof(KeyForms))]
    public void Keys_are_taken_as_their_tools_write_them(string pem) => ImageSigner.Create(pem, Signer.CertificatePem, Now).Dispose();

    [Fact]
    public void A_key_that_cannot_be_the_certificates_is_refused()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384), small = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP384r1);
        RefusedKey("not the certificate's", other.ExportECPrivateKeyPem());
        RefusedKey("not P-384", small.ExportECPrivateKeyPem());
        RefusedKey("not P-384", brainpool.ExportECPrivateKeyPem());
        RefusedKey("no private key", Signer.Key.ExportSubjectPublicKeyInfoPem());
        RefusedKey("no private key", Signer.CertificatePem);
        RefusedKey("no private key", "");
        RefusedKey("no private key", Signer.Key.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)));

        static void RefusedKey(string cause, string key) =>
            Fails.With(EifError.SigningKey, cause, () => ImageSigner.Create(key, Signer.CertificatePem, Now));
    }

    [Fact]
    public void A_certificate_that_no_loader_would_accept_is_refused()
    {
        Refused("expired on 2026-01-02 00:00:00Z", Signer.CertificatePem, Now.AddDays(1).AddSeconds(1));
        Refused("not valid before 2025-12-31 00:00:00Z", Signer.CertificatePem, Now.AddDays(-1).AddSeconds(-1));
        Refused("not PEM", "no certificate", Now);
        Refused("not X.509", new string(PemEncoding.Write("CERTIFICATE", [0x30, 0x03, 0x02, 0x01, 0x2a])), Now);
        using ECDsa small = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused("not P-384", SampleSigner.SelfSigned(new CertificateRequest("CN=x", small, HashAlgorithmName.SHA256), Now), Now);
        using RSA rsa = RSA.Create(2048);
        Refused("not P-384", SampleSigner.SelfSigned(new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), Now), Now);

        static void Refused(string cause, string certificate, DateTimeOffset now) =>
            Fails.With(EifError.Signature, cause, () => ImageSigner.Create(Signer.KeyPem, certificate, now));
    }

    [Fact]
    public void An_image_whose_certificate_has_expired_no_longer_verifies()
    {
        EifImage image = SampleImage.Read(Signer.Sign(SampleImage.Write()));
        Fails.With(EifError.Signature, "expired", () => image.Signature!.Verify(image.Measurements.Pcr0, Now.AddDays(2)));
    }

    [Fact]
    public void A_signature_of_another_image_does_not_verify()
    {
        EifImage one = SampleImage.Read(Signer.Sign(SampleImage.Write()));
        EifImage other = SampleImage.Read(SampleImage.Write(kernel: [1]));
        Fails.With(EifError.Signature, "something else than this image's PCR0", () => one.Signature!.Verify(other.Measurements.Pcr0, Now));
    }

    [Fact]
    public void Somebody_elses_certificate_does_not_verify()
    {
        EifImage image = SampleImage.Read(Signer.Sign(SampleImage.Write()));
        byte[] sign1 = CoseSign1.Sign(EifSignature.PcrInfo(image.Measurements.Pcr0), Signer.Key);
        var forged = EifSignature.Read(EifSignature.Write(SampleSigner.Create(Now).Certificate, sign1));
        Fails.With(EifError.Signature, "key did not make it", () => forged.Verify(image.Measurements.Pcr0, Now));
    }

    [Fact]
    public void A_cose_structure_with_anything_else_in_it_is_refused()
    {
        byte[] payload = [1, 2, 3], good = CoseSign1.Sign(payload, Signer.Key);
        CoseSign1.Verify(good, payload, Signer.Key);
        Refused("not ES384", [0x84, 0x43, 0xa1, 0x01, 0x26, .. good[6..]]);
        Refused("unprotected header", [.. good[..6], 0xa1, 0x04, 0x41, 0x00, .. good[7..]]);
        Refused("something else", [.. good[..7], 0x43, 1, 2, 4, .. good[11..]]);
        Refused("key did not make it", [.. good[..^1], (byte)(good[^1] ^ 1)]);
        Refused("no COSE_Sign1", [.. good[..11], 0x58, 0x5f, .. good[13..^1]]);
        Refused("no COSE_Sign1", [0x85, .. good[1..], 0x00]);
        Refused("no COSE_Sign1", [0x83, .. good[1..11]]);
        Refused("read CBOR", [.. good, 0x00]);
        Refused("read CBOR", good[..^1]);
        Refused("read CBOR", [0xd2, .. good]);
        Refused("read CBOR", []);

        void Refused(string cause, byte[] sign1) =>
            Fails.With(EifError.Signature, cause, () => CoseSign1.Verify(sign1, payload, Signer.Key));
    }

    [Fact]
    public void A_mutated_signature_verifies_only_with_the_same_key_over_the_same_register()
    {
        EifImage image = SampleImage.Read(Signer.Sign(SampleImage.Write()));
        byte[] sign1 = CoseSign1.Sign(EifSignature.PcrInfo(image.Measurements.Pcr0), Signer.Key);
        byte[] section = EifSignature.Write(Signer.Certificate, sign1);
        var random = new Random(8);
        int read = 0, refused = 0;
        for (int i = 0; i < 3_000; i++)
        {
            byte[] mutated = [.. section];
            mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            try
            {
                var signature = EifSignature.Read(mutated);
                read++;
                signature.Verify(image.Measurements.Pcr0, Now);

                // A certificate vouches for nothing but its key: what else it says is in PCR8.
                using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(signature.Certificate.Span);
                Assert.Equal(Signer.Key.ExportSubjectPublicKeyInfo(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
                bool isSame = signature.Certificate.Span.SequenceEqual(Signer.Certificate);
                Assert.Equal(isSame, signature.CertificateMeasurement == image.Measurements.Pcr8);
            }
            catch (EifException e) when (e.Error == EifError.Signature)
            {
                refused++;
            }
        }

        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Bytes(byte[] bytes) => [0x58, (byte)bytes.Length, .. bytes];

    private static byte[] Integers(byte[] bytes) =>
    [
        .. bytes.Length < 256 ? new byte[] { 0x98, (byte)bytes.Length } : [0x99, (byte)(bytes.Length >> 8), (byte)bytes.Length],
        .. bytes.SelectMany(b => b < 24 ? new[] { b } : [0x18, b]),
    ];

    private static byte[] FromIntegers(byte[] array)
    {
        List<byte> bytes = [];
        for (int i = 2; i < array.Length; i++)
        {
            bytes.Add(array[i] == 0x18 ? array[++i] : array[i]);
        }

        Assert.Equal(array[1], bytes.Count);
        return [.. bytes];
    }
}
