using System.Security.Cryptography;

namespace Init.Sealing;

/// <summary>How a message of any length is cut into boxes: all of <see cref="ChunkBytes"/> but the last, which says that it is the last.</summary>
/// <remarks>
/// A box opens at its place only (the counter), and the last one as the last only (the flag), so that a message that was cut,
/// reordered, repeated or continued does not open. docs/sealing.md.
/// </remarks>
public static class SealedLayout
{
    /// <summary>Bytes of plaintext in a box that is not the last.</summary>
    public const int ChunkBytes = 64 * 1024;

    /// <summary>Bytes that a box is longer than what it holds.</summary>
    public const int OverheadBytes = HpkeSuite.TagBytes;

    private const int BoxBytes = ChunkBytes + OverheadBytes;

    /// <summary>Bytes of a sealed message.</summary>
    /// <param name="plainBytes">Bytes of the message; at least one.</param>
    public static int SealedBytes(int plainBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plainBytes, 1);
        int boxes = ((plainBytes - 1) / ChunkBytes) + 1;
        return checked(plainBytes + (boxes * OverheadBytes));
    }

    /// <summary>Seals a message, or the next part of one.</summary>
    /// <param name="aead">Where the part before has left it.</param>
    /// <param name="kind">What the message is; bound to every box.</param>
    /// <param name="part">At least one byte; whole chunks, unless it is the last part.</param>
    /// <param name="isLast">Whether the message ends with it.</param>
    /// <param name="output">Receives <see cref="SealedBytes"/>.</param>
    internal static void Seal(AeadStream aead, byte kind, ReadOnlySpan<byte> part, bool isLast, Span<byte> output)
    {
        while (!part.IsEmpty)
        {
            int length = Math.Min(part.Length, ChunkBytes);
            bool isLastBox = isLast && length == part.Length;
            aead.Seal(part[..length], [kind, isLastBox ? (byte)1 : (byte)0], output[..(length + OverheadBytes)]);
            part = part[length..];
            output = output[(length + OverheadBytes)..];
        }
    }

    /// <summary>Opens a message in its own memory, without a second copy of it. What does not open is cleared.</summary>
    /// <param name="aead">At its beginning.</param>
    /// <param name="kind">What the message is said to be.</param>
    /// <param name="message">The boxes; then the plaintext at its beginning and zeros behind it.</param>
    /// <returns>Bytes of plaintext.</returns>
    /// <exception cref="SealingException">InvalidLength, NotAuthentic.</exception>
    internal static int Open(AeadStream aead, byte kind, Span<byte> message)
    {
        int opened = 0;
        try
        {
            Span<byte> rest = message;
            bool isLast;
            do
            {
                isLast = rest.Length <= BoxBytes;
                Span<byte> box = isLast ? rest : rest[..BoxBytes];
                if (box.Length <= OverheadBytes)
                {
                    throw new SealingException(SealingError.InvalidLength, $"open: {message.Length} bytes are no sealed message");
                }

                Span<byte> plain = box[..^OverheadBytes];
                aead.Open(box, [kind, isLast ? (byte)1 : (byte)0], plain);
                plain.CopyTo(message[opened..]);
                opened += plain.Length;
                rest = rest[box.Length..];
            }
            while (!isLast);
        }
        catch (SealingException)
        {
            CryptographicOperations.ZeroMemory(message);
            throw;
        }

        CryptographicOperations.ZeroMemory(message[opened..]);
        return opened;
    }
}
