using System.Buffers;
using Init.Server;

namespace Init.Init.Tests.Server;

public sealed class ClearingMemoryPoolTests
{
    [Fact]
    public void A_block_that_comes_back_is_cleared()
    {
        using ClearingMemoryPool pool = new();
        IMemoryOwner<byte> block = pool.Rent();
        Memory<byte> memory = block.Memory;
        memory.Span.Fill(7);
        block.Dispose();
        Assert.Equal(-1, memory.Span.IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Blocks_are_used_again_and_only_so_many_are_kept()
    {
        using ClearingMemoryPool pool = new();
        IMemoryOwner<byte>[] blocks = [.. Enumerable.Range(0, ClearingMemoryPool.MaxKept + 10).Select(_ => pool.Rent())];
        Array.ForEach(blocks, b => b.Dispose());
        Assert.Equal(ClearingMemoryPool.MaxKept, pool.Kept);
        using IMemoryOwner<byte> again = pool.Rent();
        Assert.Equal(ClearingMemoryPool.MaxKept - 1, pool.Kept);
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
