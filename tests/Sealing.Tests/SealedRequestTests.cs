using System.Security.Cryptography;
using Init.Testing;
using Init.Wire;

namespace Init.Sealing.Tests;

public sealed class SealedRequestTests : IDisposable
{
    private readonly KeyRing _keys = new(new KeyRingOptions(), new ManualTime());

    public static TheoryData<int> Lengths { get; } =
        [1, 2, SealedLayout.ChunkBytes - 1, SealedLayout.ChunkBytes, SealedLayout.ChunkBytes + 1, 3 * SealedLayout.ChunkBytes, (3 * SealedLayout.ChunkBytes) + 5];

    public void Dispose() => _keys.Dispose();

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_request_opens_and_its_answer_too(int length)
    {
        byte[] message = RandomNumberGenerator.GetBytes(length);
        Sent sent = Send(message);
        using SealedCall call = sent.Call;
        Assert.Equal(SealedLayout.SealedBytes(length), sent.Sealed.Length);

        using OpenedRequest opened = Open(sent);
        Assert.Equal(length, opened.MessageBytes);
        Assert.Equal(message, sent.Sealed[..length]);
        Assert.All(sent.Sealed[length..], b => Assert.Equal(0, b));

        byte[] answer = RandomNumberGenerator.GetBytes(length), nonce = new byte[OpenedRequest.AnswerNonceBytes];
        byte[] boxes = new byte[SealedLayout.SealedBytes(length)];
        opened.SealAnswer(FrameKind.Reply, answer, nonce, boxes);
        Assert.Equal(length, call.OpenAnswer(FrameKind.Reply, nonce, boxes));
        Assert.Equal(answer, boxes[..length]);
    }

    [Fact]
    public void A_request_sealed_part_by_part_is_the_same_message()
    {
        byte[] message = RandomNumberGenerator.GetBytes((3 * SealedLayout.ChunkBytes) + 5);
        const int First = 2 * SealedLayout.ChunkBytes;
        RequestHeader header = new(KeyRing.IdOf(_keys.CurrentPublicKey.Span), Operation.Prove, default);
        using SealedCall call = SealedCall.Begin(HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, _keys.CurrentPublicKey.Span), header);
        byte[] boxes = new byte[SealedLayout.SealedBytes(message.Length)];
        Assert.ThrowsAny<ArgumentException>(() => call.SealPart(message.AsSpan(0, 5), isLast: false, boxes));
        call.SealPart(message.AsSpan(0, First), isLast: false, boxes);
        call.SealPart(message.AsSpan(First), isLast: true, boxes.AsSpan(SealedLayout.SealedBytes(First)));
        Assert.Throws<InvalidOperationException>(() => call.SealPart(message.AsSpan(0, 1), isLast: true, new byte[17]));
        using OpenedRequest opened = OpenedRequest.Open(_keys, header, call.Encapsulated.Span, boxes);
        Assert.Equal(message, boxes[..opened.MessageBytes]);
    }

    [Fact]
    public void An_erased_secret_seals_and_opens_nothing()
    {
        Sent sent = Send([1]);
        OpenedRequest opened = Open(sent);
        opened.Dispose();
        byte[] nonce = new byte[OpenedRequest.AnswerNonceBytes], boxes = new byte[SealedLayout.SealedBytes(1)];
        Assert.Throws<ObjectDisposedException>(() => opened.SealAnswer(FrameKind.Reply, [1], nonce, boxes));
        sent.Call.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sent.Call.OpenAnswer(FrameKind.Reply, nonce, boxes));
    }

    [Fact]
    public void A_request_that_was_cut_at_any_chunk_does_not_open_and_is_cleared()
    {
        const int Box = SealedLayout.ChunkBytes + SealedLayout.OverheadBytes;
        foreach (int length in new[] { Box, 2 * Box, Box - 1, Box + 1, Box + SealedLayout.OverheadBytes, (2 * Box) + SealedLayout.OverheadBytes, (3 * Box) - 1 })
        {
            Sent sent = Send(new byte[3 * SealedLayout.ChunkBytes]);
            Sent cut = sent with { Sealed = sent.Sealed[..length] };
            Assert.NotEqual(SealingError.Replayed, HpkeTests.Refused(() => Open(cut)));
            Assert.All(cut.Sealed, b => Assert.Equal(0, b));
            sent.Call.Dispose();
        }
    }

    [Fact]
    public void Chunks_do_not_open_in_another_order_nor_twice_nor_with_one_more()
    {
        const int Box = SealedLayout.ChunkBytes + SealedLayout.OverheadBytes;
        Sent sent = Send(new byte[3 * SealedLayout.ChunkBytes]);
        using SealedCall call = sent.Call;
        byte[] first = sent.Sealed[..Box], second = sent.Sealed[Box..(2 * Box)], third = sent.Sealed[(2 * Box)..];
        byte[][] changed =
        [
            [.. second, .. first, .. third],
            [.. first, .. first, .. second, .. third],
            [.. first, .. second, .. second, .. third],
            [.. first, .. second, .. third, .. third],
            [.. first, .. third],
            [.. third],
            [.. first, .. second, .. third, .. new byte[17]],
        ];
        Assert.All(changed, bytes => Assert.Equal(SealingError.NotAuthentic, HpkeTests.Refused(() => Open(sent with { Sealed = bytes }))));
        Open(sent).Dispose();
    }

    [Fact]
    public void Too_short_for_one_byte_is_no_message()
    {
        Sent sent = Send([1]);
        using SealedCall call = sent.Call;
        foreach (int length in new[] { 0, 1, SealedLayout.OverheadBytes })
        {
            Assert.Equal(SealingError.InvalidLength, HpkeTests.Refused(() => Open(sent with { Sealed = new byte[length] })));
        }
    }

    [Fact]
    public void Any_changed_bit_is_seen()
    {
        byte[] message = RandomNumberGenerator.GetBytes(50);
        Sent sent = Send(message);
        using SealedCall call = sent.Call;
        for (int bit = 0; bit < 8 * sent.Sealed.Length; bit++)
        {
            byte[] changed = [.. sent.Sealed];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(SealingError.NotAuthentic, HpkeTests.Refused(() => Open(sent with { Sealed = changed })));
        }

        Open(sent).Dispose();
    }

    [Fact]
    public void What_is_bound_cannot_be_changed()
    {
        Sent sent = Send([1, 2, 3], Operation.Prove, "for this"u8.ToArray());
        using SealedCall call = sent.Call;
        RequestHeader[] changed =
        [
            sent.Header with { Operation = Operation.Verify },
            sent.Header with { AssociatedData = "for that"u8.ToArray() },
            sent.Header with { AssociatedData = ReadOnlyMemory<byte>.Empty },
        ];
        Assert.All(changed, header =>
            Assert.Equal(SealingError.NotAuthentic, HpkeTests.Refused(() => Open(sent with { Header = header, Sealed = [.. sent.Sealed] }))));
        byte[] otherKey = HpkePrivateKey.Generate(HpkeSuite.P384Sha384Aes256).PublicKey.Point.ToArray();
        Assert.Equal(SealingError.NotAuthentic, HpkeTests.Refused(() => Open(sent with { Encapsulated = otherKey, Sealed = [.. sent.Sealed] })));
        Open(sent).Dispose();
    }

    [Fact]
    public void Another_enclave_does_not_open_it()
    {
        Sent sent = Send([1, 2, 3]);
        using SealedCall call = sent.Call;
        using KeyRing other = new(new KeyRingOptions(), new ManualTime());
        Assert.Equal(SealingError.UnknownKey, HpkeTests.Refused(() => OpenedRequest.Open(other, sent.Header, sent.Encapsulated, sent.Sealed)));

        // Not even when the parent says that it is for that enclave's key.
        RequestHeader renamed = sent.Header with { KeyId = KeyRing.IdOf(other.CurrentPublicKey.Span) };
        Assert.Equal(SealingError.NotAuthentic, HpkeTests.Refused(() => OpenedRequest.Open(other, renamed, sent.Encapsulated, sent.Sealed)));
    }

    [Fact]
    public void A_request_is_accepted_once()
    {
        Sent sent = Send([1, 2, 3]);
        using SealedCall call = sent.Call;
        byte[] again = [.. sent.Sealed];
        Open(sent).Dispose();
        Assert.Equal(SealingError.Replayed, HpkeTests.Refused(() => Open(sent with { Sealed = again })));
        Assert.All(again, b => Assert.Equal(0, b)); // what had opened by then
    }

    [Fact]
    public void Two_threads_with_one_request_are_one_acceptance()
    {
        for (int round = 0; round < 50; round++)
        {
            Sent sent = Send([1, 2, 3]);
            using SealedCall call = sent.Call;
            int accepted = 0;
            Parallel.For(0, 4, _ =>
            {
                try
                {
                    Open(sent with { Sealed = [.. sent.Sealed] }).Dispose();
                    Interlocked.Increment(ref accepted);
                }
                catch (SealingException exception)
                {
                    Assert.Equal(SealingError.Replayed, exception.Error);
                }
            });
            Assert.Equal(1, accepted);
        }
    }

    [Fact]
    public void An_answer_is_for_its_caller_and_of_its_kind()
    {
        Sent sent = Send([1]), other = Send([1]);
        using SealedCall call = sent.Call, otherCall = other.Call;
        using OpenedRequest opened = Open(sent);
        byte[] nonce = new byte[OpenedRequest.AnswerNonceBytes], boxes = new byte[SealedLayout.SealedBytes(4)];
        opened.SealAnswer(FrameKind.Reply, [1, 2, 3, 4], nonce, boxes);

        Assert.Equal(SealingError.NotAuthentic, HpkeTests.Refused(() => otherCall.OpenAnswer(FrameKind.Reply, nonce, [.. boxes])));
        Assert.Equal(SealingError.NotAuthentic, HpkeTests.Refused(() => call.OpenAnswer(FrameKind.Error, nonce, [.. boxes])));
        byte[] otherNonce = [.. nonce];
        otherNonce[0] ^= 1;
        Assert.Equal(SealingError.NotAuthentic, HpkeTests.Refused(() => call.OpenAnswer(FrameKind.Reply, otherNonce, [.. boxes])));
        Assert.Equal(4, call.OpenAnswer(FrameKind.Reply, nonce, boxes));
    }

    [Fact]
    public void Two_answers_to_one_request_share_no_key()
    {
        Sent sent = Send([1]);
        using SealedCall call = sent.Call;
        using OpenedRequest opened = Open(sent);
        byte[] first = new byte[SealedLayout.SealedBytes(32)], second = new byte[first.Length], nonce = new byte[OpenedRequest.AnswerNonceBytes];
        opened.SealAnswer(FrameKind.Progress, new byte[32], nonce, first);
        opened.SealAnswer(FrameKind.Progress, new byte[32], nonce, second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void A_call_seals_one_request()
    {
        Sent sent = Send([1]);
        using SealedCall call = sent.Call;
        Assert.Throws<InvalidOperationException>(() => call.Seal([1], new byte[17]));
    }

    private Sent Send(byte[] message, Operation operation = Operation.Prove, ReadOnlyMemory<byte> associated = default)
    {
        ReadOnlyMemory<byte> info = _keys.CurrentPublicKey;
        RequestHeader header = new(KeyRing.IdOf(info.Span), operation, associated);
        SealedCall call = SealedCall.Begin(HpkePublicKey.FromSubjectPublicKeyInfo(HpkeSuite.P384Sha384Aes256, info.Span), header);
        byte[] boxes = new byte[SealedLayout.SealedBytes(message.Length)];
        call.Seal(message, boxes);
        return new Sent(call, header, call.Encapsulated.ToArray(), boxes);
    }

    private OpenedRequest Open(Sent sent) => OpenedRequest.Open(_keys, sent.Header, sent.Encapsulated, sent.Sealed);

    private sealed record Sent(SealedCall Call, RequestHeader Header, byte[] Encapsulated, byte[] Sealed);
}
