namespace Init.Client;

/// <summary>The circuits that an enclave was seen to have, by SHA-256. Any thread.</summary>
internal sealed class CircuitHashes
{
    private readonly HashSet<string> _hashes = [];

    /// <summary>Whether it was seen to have one.</summary>
    public bool Contains(ReadOnlyMemory<byte> sha256)
    {
        lock (_hashes)
        {
            return _hashes.Contains(Convert.ToHexString(sha256.Span));
        }
    }

    /// <summary>It has it.</summary>
    public void Add(ReadOnlyMemory<byte> sha256)
    {
        lock (_hashes)
        {
            _hashes.Add(Convert.ToHexString(sha256.Span));
        }
    }

    /// <summary>It does not have it.</summary>
    public void Remove(ReadOnlyMemory<byte> sha256)
    {
        lock (_hashes)
        {
            _hashes.Remove(Convert.ToHexString(sha256.Span));
        }
    }
}
