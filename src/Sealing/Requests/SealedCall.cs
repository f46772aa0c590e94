using Init.Wire;

namespace Init.Sealing;

/// <summary>The caller's side of one sealed request: seals it once, opens what answers it.</summary>
/// <remarks>One thread at a time.</remarks>
public sealed class SealedCall : IDisposable
{
    private readonly HpkeContext _context;
    private readonly AnswerSecret _answers;
    private bool _isSealed;

    private SealedCall(HpkeContext context, AnswerSecret answers, ReadOnlyMemory<byte> encapsulated) =>
        (_context, _answers, Encapsulated) = (context, answers, encapsulated);

    /// <summary>The encapsulated key, for the enclave: an uncompressed point.</summary>
    public ReadOnlyMemory<byte> Encapsulated { get; }

    /// <summary>Makes an ephemeral key for one request.</summary>
    /// <param name="key">The enclave's, from an attestation document that was verified.</param>
    /// <param name="header">What is bound and not secret.</param>
    public static SealedCall Begin(HpkePublicKey key, in RequestHeader header)
    {
        ArgumentNullException.ThrowIfNull(key);
        using HpkePrivateKey ephemeral = HpkePrivateKey.Generate(key.Suite);
        HpkeContext context = HpkeContext.ForSender(key, ephemeral, header.ToInfo());
        ReadOnlyMemory<byte> encapsulated = ephemeral.PublicKey.Point;
        return new SealedCall(context, new AnswerSecret(key.Suite, context, encapsulated.Span), encapsulated);
    }

    /// <summary>Seals the request's message. Once.</summary>
    /// <param name="message">An encoded request; at least one byte.</param>
    /// <param name="output">Receives <see cref="SealedLayout.SealedBytes"/>.</param>
    /// <exception cref="InvalidOperationException">A second time.</exception>
    public void Seal(ReadOnlySpan<byte> message, Span<byte> output) => SealPart(message, isLast: true, output);

    /// <summary>Seals the next part of the request's message, so that it can be sent before the rest is sealed.</summary>
    /// <param name="part">At least one byte; a multiple of <see cref="SealedLayout.ChunkBytes"/>, unless it is the last.</param>
    /// <param name="isLast">Whether the message ends with it.</param>
    /// <param name="output">Receives <see cref="SealedLayout.SealedBytes"/>.</param>
    /// <exception cref="InvalidOperationException">The message has ended.</exception>
    public void SealPart(ReadOnlySpan<byte> part, bool isLast, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfZero(part.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(isLast ? 0 : part.Length % SealedLayout.ChunkBytes, 0, nameof(part));
        if (_isSealed)
        {
            throw new InvalidOperationException("a call seals one request");
        }

        _isSealed = isLast;
        SealedLayout.Seal(_context.Aead, (byte)FrameKind.Request, part, isLast, output);
    }

    /// <summary>Opens an answer in its own memory.</summary>
    /// <param name="kind">What the frame says it is.</param>
    /// <param name="nonce">As it came with the answer.</param>
    /// <param name="message">The boxes; then the plaintext, and zeros behind it.</param>
    /// <returns>Bytes of plaintext.</returns>
    /// <exception cref="SealingException">InvalidLength, NotAuthentic: not the enclave's answer to this request.</exception>
    public int OpenAnswer(FrameKind kind, ReadOnlySpan<byte> nonce, Span<byte> message) => _answers.Open(kind, nonce, message);

    /// <summary>Erases the secrets.</summary>
    public void Dispose()
    {
        _context.Dispose();
        _answers.Dispose();
    }
}
