using System.Collections.Concurrent;
using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <summary>
/// Memory for messages of one large frame. A few pieces are kept for later, cleared when they come back: new memory costs a fault a page,
/// and giving it back interrupts the other processors.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class FrameMemoryPool : IDisposable
{
    /// <summary>Each has room for the longest frame: 1 MiB and its header, of which the kernel gives what is written to.</summary>
    public const int PieceBytes = WireLimits.FrameHeaderBytes + WireLimits.MaxFrameBodyBytes;

    /// <summary>Pieces that wait for their next use.</summary>
    public const int MaxKept = 8;

    private readonly ConcurrentStack<AnonymousMemory> _kept = [];
    private int _count;

    /// <summary>Pieces that are kept now.</summary>
    public int Kept => _kept.Count;

    /// <summary>Memory of zeros.</summary>
    /// <exception cref="LinuxException">ENOMEM.</exception>
    public AnonymousMemory Rent()
    {
        if (!_kept.TryPop(out AnonymousMemory? piece))
        {
            return new AnonymousMemory(PieceBytes);
        }

        Interlocked.Decrement(ref _count);
        return piece;
    }

    /// <summary>Takes memory back.</summary>
    /// <param name="piece">From <see cref="Rent"/>; nobody else has a span of it.</param>
    /// <param name="usedBytes">How much of its beginning was written to: that is cleared.</param>
    public void Return(AnonymousMemory piece, int usedBytes)
    {
        if (Interlocked.Increment(ref _count) <= MaxKept)
        {
            piece.GetSpan()[..usedBytes].Clear();
            _kept.Push(piece);
        }
        else
        {
            Interlocked.Decrement(ref _count);
            ((IDisposable)piece).Dispose();
        }
    }

    /// <summary>Unmaps what is kept. What comes back later is kept until the next time.</summary>
    public void Dispose()
    {
        while (_kept.TryPop(out AnonymousMemory? piece))
        {
            Interlocked.Decrement(ref _count);
            ((IDisposable)piece).Dispose();
        }
    }
}
