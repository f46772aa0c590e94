using System.Security.Cryptography;
using System.Text;

namespace Init.Sealing.Tests;

public sealed class HpkeTests
{
    public static TheoryData<string> Vectors { get; } = ["A.3.1", "A.6.1"];

    public static TheoryData<int> Curves { get; } = [256, 384, 521];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_sender_makes_what_the_RFC_says(string name)
    {
        HpkeVector vector = Vector(name);
        using HpkePrivateKey ephemeral = HpkePrivateKey.FromScalar(vector.Suite, HpkeVector.Bytes(vector.SenderScalar));
        using HpkePrivateKey recipient = HpkePrivateKey.FromScalar(vector.Suite, HpkeVector.Bytes(vector.RecipientScalar));
        Assert.Equal(vector.Encapsulated, Convert.ToHexStringLower(ephemeral.PublicKey.Point.Span));

        using HpkeContext context = HpkeContext.ForSender(recipient.PublicKey, ephemeral, HpkeVector.Bytes(HpkeVector.Info));
        byte[] plain = HpkeVector.Bytes(HpkeVector.Plain);
        foreach ((int i, string box) in vector.Boxes.Index())
        {
            byte[] made = new byte[plain.Length + HpkeSuite.TagBytes];
            context.Aead.Seal(plain, Encoding.ASCII.GetBytes($"Count-{i}"), made);
            Assert.Equal(box, Convert.ToHexStringLower(made));
        }

        AssertExports(vector, context);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_recipient_opens_what_the_RFC_says(string name)
    {
        HpkeVector vector = Vector(name);
        using HpkePrivateKey recipient = HpkePrivateKey.FromScalar(vector.Suite, HpkeVector.Bytes(vector.RecipientScalar));
        using HpkeContext context =
            HpkeContext.ForRecipient(recipient, HpkeVector.Bytes(vector.Encapsulated), HpkeVector.Bytes(HpkeVector.Info));
        foreach ((int i, string box) in vector.Boxes.Index())
        {
            byte[] made = HpkeVector.Bytes(box);
            context.Aead.Open(made, Encoding.ASCII.GetBytes($"Count-{i}"), made.AsSpan(0, made.Length - HpkeSuite.TagBytes)); // in place
            Assert.Equal(HpkeVector.Plain, Convert.ToHexStringLower(made[..^HpkeSuite.TagBytes]));
        }

        AssertExports(vector, context);
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void What_one_side_seals_the_other_opens_in_order_and_in_no_other(int bits)
    {
        HpkeSuite suite = Suite(bits);
        using HpkePrivateKey ephemeral = HpkePrivateKey.Generate(suite), recipient = HpkePrivateKey.Generate(suite);
        using HpkeContext sender = HpkeContext.ForSender(recipient.PublicKey, ephemeral, "info"u8);
        using HpkeContext receiver = HpkeContext.ForRecipient(recipient, ephemeral.PublicKey.Point.Span, "info"u8);
        byte[] first = new byte[17], second = new byte[17], plain = new byte[1];
        sender.Aead.Seal([1], [], first);
        sender.Aead.Seal([2], [], second);

        Assert.Equal(SealingError.NotAuthentic, Refused(() => receiver.Aead.Open(second, [], plain)));
        receiver.Aead.Open(first, [], plain);
        Assert.Equal(1, plain[0]);
        Assert.Equal(SealingError.NotAuthentic, Refused(() => receiver.Aead.Open(first, [], plain)));
        Assert.Equal(SealingError.NotAuthentic, Refused(() => receiver.Aead.Open(second, "other"u8, plain)));
        receiver.Aead.Open(second, [], plain);
        Assert.Equal(2, plain[0]);
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void A_point_that_is_not_on_the_curve_is_no_key(int bits)
    {
        HpkeSuite suite = Suite(bits);
        using HpkePrivateKey key = HpkePrivateKey.Generate(suite);
        byte[] point = key.PublicKey.Point.ToArray();
        HpkePublicKey.FromPoint(suite, point);

        byte[] off = [.. point];
        off[^1] ^= 1;
        byte[] compressed = [2, .. point[1..(1 + ((point.Length - 1) / 2))]];
        byte[] hybrid = [6, .. point[1..]];
        byte[][] none = [off, compressed, hybrid, [0], [], point[..^1], [.. point, 0], new byte[point.Length], [4, .. new byte[point.Length - 1]]];
        Assert.All(none, bytes => Assert.Equal(SealingError.InvalidKey, Refused(() => HpkePublicKey.FromPoint(suite, bytes))));
        Assert.All(none, bytes => Assert.Equal(SealingError.InvalidKey, Refused(() => HpkeContext.ForRecipient(key, bytes, []))));
    }

    [Fact]
    public void A_public_key_is_of_the_suites_curve_and_nothing_follows_it()
    {
        using HpkePrivateKey mine = HpkePrivateKey.Generate(HpkeSuite.P384Sha384Aes256), other = HpkePrivateKey.Generate(HpkeSuite.P256Sha256Aes128);
        HpkePublicKey read = HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, mine.SubjectPublicKeyInfo.Span);
        Assert.True(read.Point.Span.SequenceEqual(mine.PublicKey.Point.Span));
        Assert.Equal(120, mine.SubjectPublicKeyInfo.Length);

        byte[][] none = [other.SubjectPublicKeyInfo.ToArray(), [.. mine.SubjectPublicKeyInfo.Span, 0], mine.SubjectPublicKeyInfo[..^1].ToArray(), []];
        Assert.All(none, bytes => Assert.Equal(
            SealingError.InvalidKey, Refused(() => HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, bytes))));
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void A_public_key_is_encoded_as_OpenSSL_encodes_it(int bits)
    {
        using HpkePrivateKey key = HpkePrivateKey.Generate(Suite(bits));
        using ECDiffieHellman other = ECDiffieHellman.Create();
        other.ImportSubjectPublicKeyInfo(key.SubjectPublicKeyInfo.Span, out int read);
        Assert.Equal(key.SubjectPublicKeyInfo.Length, read);
        Assert.Equal(other.ExportSubjectPublicKeyInfo(), key.SubjectPublicKeyInfo.ToArray());
    }

    [Fact]
    public void An_erased_key_opens_nothing()
    {
        HpkePrivateKey key = HpkePrivateKey.Generate(HpkeSuite.P384Sha384Aes256);
        byte[] encapsulated = key.PublicKey.Point.ToArray();
        key.Dispose();
        Assert.Equal(SealingError.UnknownKey, Refused(() => HpkeContext.ForRecipient(key, encapsulated, [])));
    }

    [Fact]
    public void Whatever_is_read_as_a_key_is_one_or_is_refused()
    {
        Random random = new(9180);
        using HpkePrivateKey key = HpkePrivateKey.Generate(HpkeSuite.P384Sha384Aes256);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] info = key.SubjectPublicKeyInfo.ToArray();
            byte[] point = key.PublicKey.Point.ToArray();
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                info[random.Next(info.Length)] = (byte)random.Next(256);
                point[random.Next(point.Length)] = (byte)random.Next(256);
            }

            TryRead(() => HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, info));
            TryRead(() => HpkePublicKey.FromPoint(HpkeSuite.P384Sha384Aes256, point));
        }
    }

    internal static SealingError Refused(Action action) => Assert.Throws<SealingException>(action).Error;

    private static void TryRead(Action read)
    {
        try
        {
            read();
        }
        catch (SealingException exception)
        {
            Assert.Equal(SealingError.InvalidKey, exception.Error);
        }
    }

    private static void AssertExports(HpkeVector vector, HpkeContext context)
    {
        foreach ((string exportContext, string expected) in vector.Exports)
        {
            byte[] secret = new byte[32];
            context.Export(HpkeVector.Bytes(exportContext), secret);
            Assert.Equal(expected, Convert.ToHexStringLower(secret));
        }
    }

    private static HpkeVector Vector(string name) => name == "A.3.1" ? HpkeVector.A31 : HpkeVector.A61;

    private static HpkeSuite Suite(int bits) =>
        bits switch { 256 => HpkeSuite.P256Sha256Aes128, 384 => HpkeSuite.P384Sha384Aes256, _ => HpkeSuite.P521Sha512Aes256 };
}
