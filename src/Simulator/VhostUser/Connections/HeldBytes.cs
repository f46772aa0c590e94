namespace Init.Simulator.VhostUser.Connections;

/// <summary>
/// Bytes from the guest that the host has not taken yet: a ring of <see cref="CreditAccount.BufferBytes"/>, which the credit keeps
/// from overflowing. It has memory only while it holds something, so a thousand idle connections cost none.
/// </summary>
internal struct HeldBytes
{
    private const int Capacity = (int)CreditAccount.BufferBytes;

    private byte[]? _ring;
    private int _start;

    public int Count { get; private set; }

    /// <summary>The oldest bytes, as far as they lie in one piece.</summary>
    public readonly ReadOnlySpan<byte> Front => _ring.AsSpan(_start, Math.Min(Count, Capacity - _start));

    /// <summary>Appends bytes; the caller has checked them against the credit.</summary>
    public void Append(ReadOnlySpan<byte> bytes, BufferPool pool)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        _ring ??= pool.Rent();
        int end = (_start + Count) % Capacity;
        int first = Math.Min(bytes.Length, Capacity - end);
        bytes[..first].CopyTo(_ring.AsSpan(end));
        bytes[first..].CopyTo(_ring);
        Count += bytes.Length;
    }

    /// <summary>Drops the oldest bytes.</summary>
    public void Consume(int bytes, BufferPool pool)
    {
        _start = (_start + bytes) % Capacity;
        Count -= bytes;
        if (Count == 0 && _ring is not null)
        {
            pool.Return(_ring);
            _ring = null;
            _start = 0;
        }
    }

    /// <summary>The rings of all connections, of one thread.</summary>
    internal sealed class BufferPool
    {
        private const int Kept = 16;
        private readonly Stack<byte[]> _free = new();

        public byte[] Rent() => _free.TryPop(out byte[]? ring) ? ring : GC.AllocateUninitializedArray<byte>(Capacity);

        public void Return(byte[] ring)
        {
            if (_free.Count < Kept)
            {
                _free.Push(ring);
            }
        }
    }
}
