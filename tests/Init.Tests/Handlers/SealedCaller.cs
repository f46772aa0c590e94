using Init.Init.Tests.Server;
using Init.Sealing;
using Init.Wire;

namespace Init.Init.Tests.Handlers;

/// <summary>Seals requests as a client does, byte by byte, so that a test can break them anywhere.</summary>
internal sealed class SealedCaller(ReadOnlyMemory<byte> publicKey)
{
    /// <summary>Seals a request.</summary>
    /// <param name="request">What is inside.</param>
    /// <param name="announced">What is said to be inside, if not that.</param>
    /// <param name="associatedData">Bound to it.</param>
    public (SealedRequest Message, SealedCall Call) Seal(Request request, Operation? announced = null, byte[]? associatedData = null)
    {
        byte[] plain = RequestCodec.Encode(request);
        RequestHeader header = new(KeyRing.IdOf(publicKey.Span), announced ?? request.Operation, associatedData);
        SealedCall call = SealedCall.Begin(HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, publicKey.Span), header);
        byte[] boxes = new byte[SealedLayout.SealedBytes(plain.Length)];
        call.Seal(plain, boxes);
        SealedRequest message = new()
        {
            KeyId = header.KeyId,
            SealedOperation = header.Operation,
            Encapsulated = call.Encapsulated,
            AssociatedData = header.AssociatedData,
            Boxes = boxes,
        };
        return (message, call);
    }

    /// <summary>Seals a request, sends it, opens its reply.</summary>
    public Reply Call(RawClient client, ulong id, Request request)
    {
        (SealedRequest message, SealedCall call) = Seal(request);
        using (call)
        {
            (FrameKind kind, byte[] plain) = Open(call, (SealedReply)client.Call(id, message));
            Assert.Equal((FrameKind.Reply, null), (kind, kind == FrameKind.Error ? ReplyCodec.DecodeError(plain).Message : null));
            return ReplyCodec.Decode(plain);
        }
    }

    /// <summary>Opens an answer.</summary>
    public static (FrameKind Kind, byte[] Plain) Open(SealedCall call, SealedReply reply)
    {
        byte[] boxes = reply.Boxes.ToArray();
        return (reply.Kind, boxes[..call.OpenAnswer(reply.Kind, reply.Nonce.Span, boxes)]);
    }
}
