using System.Security.Cryptography;
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

    /// <summary>Circuits and bytes kept now.</summary>
    public (int Circuits, long Bytes) Contents
    {
        get
        {
            lock (_lock)
            {
                return (_byHash.Count, _bytes);
            }
        }
    }

    /// <summary>Stores a copy.</summary>
    /// <param name="bytecodeGzip">Any bytes that <see cref="Circuit"/> accepts.</param>
    /// <returns>The hash to ask for, and whether it was there already.</returns>
    /// <exception cref="ProverException">InvalidInput; TooLarge: more bytes than the whole store may keep.</exception>
    public (CircuitHash Hash, bool AlreadyStored) Add(ReadOnlySpan<byte> bytecodeGzip)
    {
        CircuitHash hash = CircuitHash.Of(bytecodeGzip);
        if (Find(hash) is not null)
        {
            return (hash, true);
        }

        if (bytecodeGzip.Length > maxBytes)
        {
            throw new ProverException(ProverError.TooLarge, $"store circuit: {bytecodeGzip.Length} bytes, {maxBytes} may be stored");
        }

        Entry entry = new(hash, new MeasuredCircuit(new Circuit(bytecodeGzip.ToArray())), bytecodeGzip.Length);
        lock (_lock)
        {
            if (!_byHash.TryAdd(hash, new LinkedListNode<Entry>(entry)))
            {
                return (hash, true);
            }

            _byUse.AddFirst(_byHash[hash]);
            _bytes += entry.LengthBytes;
            while (_byHash.Count > maxCircuits || _bytes > maxBytes)
            {
                RemoveLeastRecentlyUsed();
            }
        }

        return (hash, false);
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

    private void RemoveLeastRecentlyUsed()
    {
        Entry oldest = _byUse.Last!.Value;
        _byUse.RemoveLast();
        _byHash.Remove(oldest.Hash);
        _bytes -= oldest.LengthBytes;
    }

    private sealed record Entry(CircuitHash Hash, MeasuredCircuit Circuit, int LengthBytes);
}
