using Init.Prover;

namespace Init.Proving;

/// <summary>Circuits that clients stored for later requests, by the SHA-256 of their gzipped bytecode. Least recently used goes out.</summary>
/// <remarks>Any thread; the lock guards the list and the table, never hashing or proving.</remarks>
/// <param name="maxCircuits">How many are kept.</param>
/// <param name="maxBytes">Bytes of bytecode that are kept.</param>
internal sealed class CircuitStore(int maxCircuits, long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CircuitHash, LinkedListNode<Entry>> _byHash = [];
    private readonly LinkedList<Entry> _byUse = []; // most recent first
    private long _bytes;
    private long _evictions;

    /// <summary>What is stored now, and what was dropped.</summary>
    public CircuitStoreStatistics Statistics
    {
        get
        {
            lock (_lock)
            {
                return new CircuitStoreStatistics(_byHash.Count, _bytes, _evictions);
            }
        }
    }

    /// <summary>Stores a copy.</summary>
    /// <param name="bytecodeGzip">Any bytes that <see cref="Circuit"/> accepts.</param>
    /// <param name="cancellation">Ends the hashing.</param>
    /// <returns>The hash to ask for, and whether it was there already.</returns>
    /// <exception cref="ProverException">InvalidInput; TooLarge: more bytes than the whole store may keep.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async ValueTask<(CircuitHash Hash, bool AlreadyStored)> AddAsync(ReadOnlyMemory<byte> bytecodeGzip, CancellationToken cancellation)
    {
        if (bytecodeGzip.Length > maxBytes)
        {
            throw new ProverException(ProverError.TooLarge, $"store circuit: {bytecodeGzip.Length} bytes, {maxBytes} may be stored");
        }

        CircuitHash hash = await CircuitHash.OfAsync(bytecodeGzip, cancellation).ConfigureAwait(false);
        if (Find(hash) is not null)
        {
            return (hash, true);
        }

        _ = new Circuit(bytecodeGzip); // refused before it is copied
        Entry entry = new(hash, new MeasuredCircuit(new Circuit(bytecodeGzip.ToArray()), isStored: true), bytecodeGzip.Length);
        return (hash, !TryStore(entry));
    }

    /// <summary>A stored circuit, which is now the most recently used one; null when it is not stored.</summary>
    public MeasuredCircuit? Find(CircuitHash hash)
    {
        lock (_lock)
        {
            if (!_byHash.TryGetValue(hash, out LinkedListNode<Entry>? node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Circuit;
        }
    }

    private bool TryStore(Entry entry)
    {
        lock (_lock)
        {
            LinkedListNode<Entry> node = new(entry);
            if (!_byHash.TryAdd(entry.Hash, node))
            {
                return false; // another request was quicker
            }

            _byUse.AddFirst(node);
            _bytes += entry.LengthBytes;
            while (_byHash.Count > maxCircuits || _bytes > maxBytes)
            {
                RemoveLeastRecentlyUsed();
            }

            return true;
        }
    }

    private void RemoveLeastRecentlyUsed()
    {
        _evictions++;
        Entry oldest = _byUse.Last!.Value;
        _byUse.RemoveLast();
        _byHash.Remove(oldest.Hash);
        _bytes -= oldest.LengthBytes;
    }

    private sealed record Entry(CircuitHash Hash, MeasuredCircuit Circuit, int LengthBytes);
}
