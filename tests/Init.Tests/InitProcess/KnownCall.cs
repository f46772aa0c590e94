using System.Security.Cryptography;
using Init.Init.Tests.Server;
using Init.Sealing;
using Init.Wire;

namespace Init.Init.Tests.InitProcess;

/// <summary>A sealed request of which everything is known that both ends derive: RFC 9180's steps, one by one, by names of the RFC.</summary>
internal sealed class KnownCall
{
    private static readonly HpkeSuite Suite = HpkeSuite.P384Sha384Aes256;

    private readonly Dictionary<string, byte[]> _secrets = [];
    private readonly SealedRequest _message;
    private readonly byte[] _answerSecret = new byte[48];

    private KnownCall(byte[] publicKey, Request request)
    {
        using HpkePrivateKey ephemeral = HpkePrivateKey.Generate(Suite);
        HpkePublicKey recipient = HpkePublicKey.FromSubjectPublicKeyInfo(Suite, publicKey);
        RequestHeader header = new(KeyRing.IdOf(publicKey), request.Operation, ReadOnlyMemory<byte>.Empty);
        using HpkeContext context = HpkeContext.ForSender(recipient, ephemeral, header.ToInfo());
        Derive(ephemeral, recipient, header.ToInfo());
        context.Export("init sealed answer v1"u8, _answerSecret);
        _secrets["secret of the answers"] = _answerSecret;
        byte[] plain = RequestCodec.Encode(request);
        byte[] boxes = new byte[SealedLayout.SealedBytes(plain.Length)];
        SealedLayout.Seal(context.Aead, (byte)FrameKind.Request, plain, isLast: true, boxes);
        _message = new SealedRequest
        {
            KeyId = header.KeyId,
            SealedOperation = header.Operation,
            Encapsulated = ephemeral.PublicKey.Point,
            AssociatedData = header.AssociatedData,
            Boxes = boxes,
        };
    }

    public static KnownCall Seal(byte[] publicKey, Request request) => new(publicKey, request);

    /// <summary>Sends it and opens its reply, which shows that what is known is right.</summary>
    /// <returns>Every secret by its name.</returns>
    public IReadOnlyDictionary<string, byte[]> Exchange(RawClient client, ulong id)
    {
        SealedReply reply = (SealedReply)client.Call(id, _message);
        byte[] extracted = HKDF.Extract(HashAlgorithmName.SHA384, _answerSecret, [.. _message.Encapsulated.Span, .. reply.Nonce.Span]);
        byte[] key = HKDF.Expand(HashAlgorithmName.SHA384, extracted, 32, "key"u8.ToArray());
        using AeadStream aead = new(key, HKDF.Expand(HashAlgorithmName.SHA384, extracted, 12, "nonce"u8.ToArray()));
        byte[] boxes = reply.Boxes.ToArray();
        int length = SealedLayout.Open(aead, (byte)reply.Kind, boxes);
        Assert.Equal(FrameKind.Reply, reply.Kind);
        Assert.IsType<EchoReply>(ReplyCodec.Decode(boxes.AsMemory(0, length)));
        (_secrets["prk of the answer"], _secrets["key of the answer"]) = (extracted, key);
        return _secrets;
    }

    private void Derive(HpkePrivateKey ephemeral, HpkePublicKey recipient, byte[] info)
    {
        byte[] agreed = Secret("dh", ephemeral.Agree(recipient));
        byte[] eaePrk = Secret("eae_prk", new byte[48]), shared = Secret("shared_secret", new byte[48]);
        LabeledHkdf.Extract(Suite.Hash, Suite.KemId, [], "eae_prk"u8, agreed, eaePrk);
        LabeledHkdf.Expand(Suite.Hash, Suite.KemId, eaePrk, "shared_secret"u8, [.. ephemeral.PublicKey.Point.Span, .. recipient.Point.Span], shared);
        byte[] context = new byte[97];
        LabeledHkdf.Extract(Suite.Hash, Suite.Id, [], "psk_id_hash"u8, [], context.AsSpan(1, 48));
        LabeledHkdf.Extract(Suite.Hash, Suite.Id, [], "info_hash"u8, info, context.AsSpan(49));
        byte[] secret = Secret("secret", new byte[48]);
        LabeledHkdf.Extract(Suite.Hash, Suite.Id, shared, "secret"u8, [], secret);
        LabeledHkdf.Expand(Suite.Hash, Suite.Id, secret, "key"u8, context, Secret("key", new byte[32]));
        LabeledHkdf.Expand(Suite.Hash, Suite.Id, secret, "exp"u8, context, Secret("exporter_secret", new byte[48]));
    }

    private byte[] Secret(string name, byte[] bytes) => _secrets[name] = bytes;
}
