using System.Security.Cryptography;
using Init.Wire;

namespace Init.Sealing;

/// <summary>The enclave's side of one sealed request: opened once, answered under a key that its caller alone has.</summary>
/// <remarks>Sealing answers is for one thread at a time.</remarks>
public sealed class OpenedRequest : IDisposable
{
    /// <summary>Bytes of an answer's nonce.</summary>
    public const int AnswerNonceBytes = AnswerSecret.NonceBytes;

    private readonly AnswerSecret _answers;

    private OpenedRequest(AnswerSecret answers, int messageBytes) => (_answers, MessageBytes) = (answers, messageBytes);

    /// <summary>Bytes of the request, at the beginning of the memory in which it was opened.</summary>
    public int MessageBytes { get; }

    /// <summary>Opens a request in its own memory. What does not open, or was opened before, is cleared.</summary>
    /// <param name="keys">The enclave's.</param>
    /// <param name="header">As it came.</param>
    /// <param name="encapsulated">As it came.</param>
    /// <param name="message">The boxes; then the plaintext, and zeros behind it.</param>
    /// <exception cref="SealingException">Each of its reasons.</exception>
    public static OpenedRequest Open(KeyRing keys, in RequestHeader header, ReadOnlySpan<byte> encapsulated, Span<byte> message)
    {
        ArgumentNullException.ThrowIfNull(keys);
        HpkePrivateKey key = keys.Find(header.KeyId.Span);
        using HpkeContext context = HpkeContext.ForRecipient(key, encapsulated, header.ToInfo());
        int length = SealedLayout.Open(context.Aead, (byte)FrameKind.Request, message);

        // Only what opened is remembered, so that garbage cannot fill the memory of what was.
        try
        {
            keys.RefuseReplay(header.KeyId.Span, encapsulated);
        }
        catch (SealingException)
        {
            CryptographicOperations.ZeroMemory(message);
            throw;
        }

        return new OpenedRequest(new AnswerSecret(key.Suite, context, encapsulated), length);
    }

    /// <summary>Seals an answer.</summary>
    /// <param name="kind">Reply, Error or Progress.</param>
    /// <param name="message">An encoded message; at least one byte.</param>
    /// <param name="nonce">Receives <see cref="AnswerNonceBytes"/>.</param>
    /// <param name="output">Receives <see cref="SealedLayout.SealedBytes"/>.</param>
    public void SealAnswer(FrameKind kind, ReadOnlySpan<byte> message, Span<byte> nonce, Span<byte> output) =>
        _answers.Seal(kind, message, nonce, output);

    /// <summary>Erases the secret.</summary>
    public void Dispose() => _answers.Dispose();
}
