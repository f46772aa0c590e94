using System.Text.Unicode;

namespace Init.Prover.MessagePack;

/// <summary>Checks a whole document before any of it is used: one pass, no recursion, no heap.</summary>
/// <remarks>
/// bbapi's replies are structs: maps with fewer than twenty string keys, four or five levels deep. The limits leave room and keep
/// the pass's own memory on the stack, whatever the document says.
/// </remarks>
internal static class MessagePackValidator
{
    /// <summary>The most containers that may be open at once.</summary>
    public const int MaxDepth = 16;

    /// <summary>The most keys a map may have.</summary>
    public const int MaxMapKeys = 64;

    /// <summary>Accepts one well-formed value that ends where <paramref name="document"/> ends.</summary>
    /// <exception cref="ProverException">
    /// MalformedReply: truncated, trailing bytes, a length beyond the input, too deep, a map with a duplicate key, with a key that is
    /// no string or with more than <see cref="MaxMapKeys"/> keys, text that is not UTF-8.
    /// </exception>
    public static void Validate(ReadOnlySpan<byte> document)
    {
        // A frame's items left: keys and values of a map count separately, so a map awaits a key when the number is even.
        Span<long> itemsLeft = stackalloc long[MaxDepth];
        Span<int> keysSeen = stackalloc int[MaxDepth];
        Span<bool> isMap = stackalloc bool[MaxDepth];
        Span<(int Start, int Length)> keys = stackalloc (int, int)[MaxDepth * MaxMapKeys];
        int depth = 0;
        int position = 0;

        do
        {
            MessagePackToken token = MessagePackToken.Read(document[position..]);
            if (depth > 0)
            {
                int frame = depth - 1;
                if (isMap[frame] && long.IsEvenInteger(itemsLeft[frame]))
                {
                    Span<(int, int)> frameKeys = keys.Slice(frame * MaxMapKeys, MaxMapKeys);
                    AddKey(document, token, position, frameKeys, keysSeen[frame]++);
                }

                itemsLeft[frame]--;
            }

            if (token.Type == MessagePackType.String && !Utf8.IsValid(document.Slice(position + token.HeaderBytes, token.Count)))
            {
                throw MessagePackToken.Malformed($"string at {position} is not UTF-8");
            }

            position += token.TotalBytes;
            if (token.Type is MessagePackType.Array or MessagePackType.Map && token.Count > 0)
            {
                Open(token, depth);
                isMap[depth] = token.Type == MessagePackType.Map;
                itemsLeft[depth] = isMap[depth] ? 2L * token.Count : token.Count;
                keysSeen[depth] = 0;
                depth++;
            }

            while (depth > 0 && itemsLeft[depth - 1] == 0)
            {
                depth--;
            }
        }
        while (depth > 0);

        if (position != document.Length)
        {
            throw MessagePackToken.Malformed($"{document.Length - position} trailing bytes");
        }
    }

    private static void Open(MessagePackToken token, int depth)
    {
        if (depth == MaxDepth)
        {
            throw MessagePackToken.Malformed($"nested deeper than {MaxDepth}");
        }

        if (token.Type == MessagePackType.Map && token.Count > MaxMapKeys)
        {
            throw MessagePackToken.Malformed($"map of {token.Count} keys, limit {MaxMapKeys}");
        }
    }

    private static void AddKey(
        ReadOnlySpan<byte> document, MessagePackToken token, int position, Span<(int Start, int Length)> keys, int seen)
    {
        if (token.Type != MessagePackType.String)
        {
            throw MessagePackToken.Malformed($"map key at {position} is {token.Type}");
        }

        ReadOnlySpan<byte> key = document.Slice(position + token.HeaderBytes, token.Count);
        for (int i = 0; i < seen; i++)
        {
            if (key.SequenceEqual(document.Slice(keys[i].Start, keys[i].Length)))
            {
                throw MessagePackToken.Malformed($"duplicate map key at {position}");
            }
        }

        keys[seen] = (position + token.HeaderBytes, token.Count);
    }
}
