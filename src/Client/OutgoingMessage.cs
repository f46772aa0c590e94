using Init.Sealing;
using Init.Wire;

namespace Init.Client;

/// <summary>A request's message, a frame's payload at a time.</summary>
internal abstract class OutgoingMessage : IDisposable
{
    /// <summary>Small enough that a health request does not wait behind an upload, large enough that a frame's overhead does not count.</summary>
    protected const int PieceBytes = 4 * SealedLayout.ChunkBytes;

    /// <summary>The next payload, valid until the next call; <paramref name="more"/> says whether another follows.</summary>
    public abstract ReadOnlyMemory<byte> Next(out bool more);

    /// <summary>Clears what it held of the request.</summary>
    public abstract void Dispose();
}

/// <summary>A message as it is.</summary>
internal sealed class PlainMessage(Request request) : OutgoingMessage
{
    private readonly byte[] _message = RequestCodec.Encode(request);
    private int _sent;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Next(out bool more)
    {
        ReadOnlyMemory<byte> piece = _message.AsMemory(_sent, Math.Min(PieceBytes, _message.Length - _sent));
        _sent += piece.Length;
        more = _sent < _message.Length;
        return piece;
    }

    /// <inheritdoc/>
    public override void Dispose() => Array.Clear(_message);
}

/// <summary>A message that is encoded and sealed while it is sent: the plaintext is never whole in memory a second time.</summary>
/// <param name="request">What is inside.</param>
/// <param name="keyId">Whose key it is sealed to.</param>
/// <param name="call">Seals it; the caller's to dispose of.</param>
internal sealed class SealedMessage(Request request, ReadOnlyMemory<byte> keyId, SealedCall call) : OutgoingMessage
{
    private readonly int _plainBytes = RequestCodec.Measure(request);
    private byte[] _plain = [];
    private byte[] _piece = [];
    private int _sealed;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Next(out bool more)
    {
        byte[] head = _sealed == 0 ? Head() : [];
        int length = Math.Min(PieceBytes, _plainBytes - _sealed);
        int pieceBytes = head.Length + SealedLayout.SealedBytes(length);
        if (_piece.Length < pieceBytes)
        {
            (_plain, _piece) = (new byte[length], new byte[pieceBytes]); // the first piece is the longest
        }

        head.CopyTo(_piece, 0);
        more = _sealed + length < _plainBytes;
        Span<byte> plain = _plain.AsSpan(0, length);
        RequestCodec.EncodePart(request, _sealed, plain);
        call.SealPart(plain, isLast: !more, _piece.AsSpan(head.Length, pieceBytes - head.Length));
        _sealed += length;
        return _piece.AsMemory(0, pieceBytes);
    }

    /// <inheritdoc/>
    public override void Dispose() => Array.Clear(_plain);

    private byte[] Head()
    {
        SealedRequest outer = new()
        {
            KeyId = keyId,
            SealedOperation = request.Operation,
            Encapsulated = call.Encapsulated,
            Boxes = ReadOnlyMemory<byte>.Empty,
        };
        return RequestCodec.EncodeHead(outer, SealedLayout.SealedBytes(_plainBytes));
    }
}
