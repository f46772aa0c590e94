using System.Buffers;
using System.Collections.Concurrent;

namespace Init.Server;

/// <summary>Blocks of two sizes that are cleared when they come back, since what went through them may be a witness.</summary>
/// <remarks>
/// Any thread. All of a block is cleared, whatever was used of it: a few bytes take a small one. Of each size at most so many are kept
/// for later; the others are left to the collector, cleared.
/// </remarks>
internal sealed class ClearingMemoryPool : MemoryPool<byte>
{
    /// <summary>A large block: the most that is asked for at once. More comes from elsewhere, which nobody clears.</summary>
    public const int BlockBytes = 32 * 1024;

    /// <summary>A small block.</summary>
    public const int SmallBlockBytes = 4 * 1024;

    /// <summary>Large blocks that wait for their next use: 2 MiB.</summary>
    public const int MaxKept = 64;

    /// <summary>Small blocks that wait for their next use: 1 MiB.</summary>
    public const int MaxSmallKept = 256;

    private readonly Shelf _large = new(BlockBytes, MaxKept);
    private readonly Shelf _small = new(SmallBlockBytes, MaxSmallKept);
    private int _rented;

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockBytes;

    /// <summary>Blocks that somebody has.</summary>
    public int Rented => Volatile.Read(ref _rented);

    /// <summary>Blocks that are kept now.</summary>
    public int Kept => _large.Kept + _small.Kept;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        Interlocked.Increment(ref _rented);
        Shelf shelf = minBufferSize <= SmallBlockBytes ? _small : _large;
        return new Block(this, shelf, shelf.Take());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _large.Clear();
        _small.Clear();
    }

    private void Return(Shelf shelf, byte[] block)
    {
        Interlocked.Decrement(ref _rented);
        block.AsSpan().Clear();
        shelf.Put(block);
    }

    private sealed class Shelf(int blockBytes, int maxKept)
    {
        private readonly ConcurrentStack<byte[]> _kept = [];
        private int _count;

        public int Kept => Volatile.Read(ref _count);

        public byte[] Take()
        {
            if (!_kept.TryPop(out byte[]? block))
            {
                return new byte[blockBytes];
            }

            Interlocked.Decrement(ref _count);
            return block;
        }

        public void Put(byte[] block)
        {
            if (Interlocked.Increment(ref _count) <= maxKept)
            {
                _kept.Push(block);
            }
            else
            {
                Interlocked.Decrement(ref _count);
            }
        }

        public void Clear() => _kept.Clear();
    }

    private sealed class Block(ClearingMemoryPool pool, Shelf shelf, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } mine)
            {
                pool.Return(shelf, mine);
            }
        }
    }
}
