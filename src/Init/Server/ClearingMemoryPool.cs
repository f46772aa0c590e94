using System.Buffers;
using System.Collections.Concurrent;

namespace Init.Server;

/// <summary>Blocks of one size that are cleared when they come back, since what went through them may be a witness.</summary>
/// <remarks>Any thread. At most <see cref="MaxKept"/> blocks are kept for later; the others are left to the collector, cleared.</remarks>
internal sealed class ClearingMemoryPool : MemoryPool<byte>
{
    /// <summary>The size of every block.</summary>
    public const int BlockBytes = 32 * 1024;

    /// <summary>Blocks that wait for their next use: 2 MiB.</summary>
    public const int MaxKept = 64;

    private readonly ConcurrentStack<byte[]> _kept = [];
    private int _count;
    private int _rented;

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockBytes;

    /// <summary>Blocks that somebody has.</summary>
    public int Rented => Volatile.Read(ref _rented);

    /// <summary>Blocks that are kept now.</summary>
    public int Kept => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        Interlocked.Increment(ref _rented);
        if (!_kept.TryPop(out byte[]? block))
        {
            return new Block(this, new byte[BlockBytes]);
        }

        Interlocked.Decrement(ref _count);
        return new Block(this, block);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _kept.Clear();

    private void Return(byte[] block)
    {
        Interlocked.Decrement(ref _rented);
        block.AsSpan().Clear();
        if (Interlocked.Increment(ref _count) <= MaxKept)
        {
            _kept.Push(block);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private sealed class Block(ClearingMemoryPool pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } mine)
            {
                pool.Return(mine);
            }
        }
    }
}
