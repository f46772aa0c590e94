namespace Init.Wire;

/// <summary>What is left of an array, a map or a chunked string that is being read: see <see cref="CborReader.HasNext"/>.</summary>
public struct CborItems
{
    internal CborItems(CborToken token)
    {
        Count = token.IsIndefinite ? null : (int)token.Argument;
        Left = (int)token.Argument;
    }

    /// <summary>Items of an array, pairs of a map; null where the length is indefinite.</summary>
    public int? Count { get; }

    internal int Left { get; set; }
}
