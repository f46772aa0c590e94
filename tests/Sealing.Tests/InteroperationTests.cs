using System.Security.Cryptography;
using Init.Testing;
using Init.Wire;

namespace Init.Sealing.Tests;

/// <summary>The same messages by npm's @hpke/core, in both directions.</summary>
public sealed class InteroperationTests : IDisposable
{
    private readonly OtherImplementation _other = new();

    public static TheoryData<int> Lengths { get; } = [1, SealedLayout.ChunkBytes, SealedLayout.ChunkBytes + 1, (2 * SealedLayout.ChunkBytes) + 77];

    public void Dispose() => _other.Dispose();

    [Fact]
    public void It_is_installed() => Assert.True(OtherImplementation.IsInstalled, "make interop installs it");

    [Theory]
    [MemberData(nameof(Lengths))]
    public void What_it_seals_we_open_and_what_we_answer_it_opens(int length)
    {
        using KeyRing keys = new(new KeyRingOptions(), new ManualTime());
        RequestHeader header = new(KeyRing.IdOf(keys.CurrentPublicKey.Span), Operation.Prove, "abc"u8.ToArray());
        byte[] message = RandomNumberGenerator.GetBytes(length), answer = RandomNumberGenerator.GetBytes(length);
        byte[] point = HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, keys.CurrentPublicKey.Span).Point.ToArray();

        Dictionary<string, byte[]> sent = _other.Ask("seal", ("point", point), ("info", header.ToInfo()), ("message", message));
        using OpenedRequest opened = OpenedRequest.Open(keys, header, sent["encapsulated"], sent["boxes"]);
        Assert.Equal(message, sent["boxes"][..opened.MessageBytes]);

        byte[] nonce = new byte[OpenedRequest.AnswerNonceBytes], boxes = new byte[SealedLayout.SealedBytes(length)];
        opened.SealAnswer(FrameKind.Reply, answer, nonce, boxes);
        Assert.Equal(answer, _other.Ask("openAnswer", ("kind", (int)FrameKind.Reply), ("nonce", nonce), ("boxes", boxes))["message"]);
        Assert.Throws<InvalidDataException>(() => _other.Ask("openAnswer", ("kind", (int)FrameKind.Error), ("nonce", nonce), ("boxes", boxes)));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void What_we_seal_it_opens_and_what_it_answers_we_open(int length)
    {
        HpkePublicKey key = HpkePublicKey.FromPoint(HpkeSuite.P384Sha384Aes256, _other.Ask("key")["point"]);
        RequestHeader header = new(KeyRing.IdOf(key.ToSubjectPublicKeyInfo()), Operation.Verify, default);
        byte[] message = RandomNumberGenerator.GetBytes(length), answer = RandomNumberGenerator.GetBytes(length);
        using SealedCall call = SealedCall.Begin(key, header);
        byte[] boxes = new byte[SealedLayout.SealedBytes(length)];
        call.Seal(message, boxes);

        byte[] encapsulated = call.Encapsulated.ToArray();
        Assert.Equal(message, _other.Ask("open", ("encapsulated", encapsulated), ("info", header.ToInfo()), ("boxes", boxes))["message"]);
        RequestHeader changed = header with { Operation = Operation.Prove };
        Assert.Throws<InvalidDataException>(() => _other.Ask("open", ("encapsulated", encapsulated), ("info", changed.ToInfo()), ("boxes", boxes)));

        Dictionary<string, byte[]> answered = _other.Ask("sealAnswer", ("kind", (int)FrameKind.Reply), ("message", answer));
        Assert.Equal(length, call.OpenAnswer(FrameKind.Reply, answered["nonce"], answered["boxes"]));
        Assert.Equal(answer, answered["boxes"][..length]);
    }
}
