using Init.Linux;
using Init.Server;

namespace Init.Init.Tests.Server;

public sealed class FrameMemoryPoolTests
{
    [Fact]
    public void Memory_that_is_kept_is_cleared_as_far_as_it_was_used()
    {
        using FrameMemoryPool pool = new();
        AnonymousMemory piece = pool.Rent();
        piece.GetSpan()[..100_000].Fill(7);
        pool.Return(piece, 100_000);
        Assert.Equal(1, pool.Kept);
        Assert.Same(piece, pool.Rent());
        Assert.Equal(-1, piece.GetSpan().IndexOfAnyExcept((byte)0));
        pool.Return(piece, 0);
    }

    [Fact]
    public void Only_so_many_pieces_are_kept_and_the_others_unmapped()
    {
        using FrameMemoryPool pool = new();
        AnonymousMemory[] pieces = [.. Enumerable.Range(0, FrameMemoryPool.MaxKept + 2).Select(_ => pool.Rent())];
        Array.ForEach(pieces, piece => pool.Return(piece, 0));
        Assert.Equal(FrameMemoryPool.MaxKept, pool.Kept);
        Assert.Throws<ObjectDisposedException>(() => pieces[^1].GetSpan()[0]);
    }

    [Fact]
    public void A_pool_that_is_disposed_of_unmaps_what_it_keeps()
    {
        FrameMemoryPool pool = new();
        AnonymousMemory piece = pool.Rent();
        pool.Return(piece, 0);
        pool.Dispose();
        Assert.Equal(0, pool.Kept);
        Assert.Throws<ObjectDisposedException>(() => piece.GetSpan()[0]);
    }
}
