using System.Buffers;
using Init.Server;

namespace Init.Init.Tests.Server;

public sealed class ClearingMemoryPoolTests
{
    [Theory]
    [InlineData(1, ClearingMemoryPool.SmallBlockBytes)]
    [InlineData(ClearingMemoryPool.SmallBlockBytes, ClearingMemoryPool.SmallBlockBytes)]
    [InlineData(ClearingMemoryPool.SmallBlockBytes + 1, ClearingMemoryPool.BlockBytes)]
    public void A_block_that_comes_back_is_cleared(int asked, int given)
    {
        using ClearingMemoryPool pool = new();
        IMemoryOwner<byte> block = pool.Rent(asked);
        Assert.Equal(given, block.Memory.Length);
        Memory<byte> memory = block.Memory;
        memory.Span.Fill(7);
        block.Dispose();
        Assert.Equal(-1, memory.Span.IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(ClearingMemoryPool.SmallBlockBytes, ClearingMemoryPool.MaxSmallKept)]
    [InlineData(ClearingMemoryPool.BlockBytes, ClearingMemoryPool.MaxKept)]
    public void Blocks_are_used_again_and_only_so_many_are_kept(int bytes, int kept)
    {
        using ClearingMemoryPool pool = new();
        IMemoryOwner<byte>[] blocks = [.. Enumerable.Range(0, kept + 10).Select(_ => pool.Rent(bytes))];
        Array.ForEach(blocks, b => b.Dispose());
        Assert.Equal(kept, pool.Kept);
        using IMemoryOwner<byte> again = pool.Rent(bytes);
        Assert.Equal(kept - 1, pool.Kept);
    }

    [Fact]
    public void A_block_given_back_twice_is_not_given_out_twice()
    {
        using ClearingMemoryPool pool = new();
        IMemoryOwner<byte> block = pool.Rent();
        block.Dispose();
        block.Dispose();
        Assert.Equal(1, pool.Kept);
        Assert.Throws<ObjectDisposedException>(() => block.Memory);
    }

    [Fact]
    public void More_than_a_block_is_refused()
    {
        using ClearingMemoryPool pool = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(ClearingMemoryPool.BlockBytes + 1));
    }
}
