using System.Runtime.CompilerServices;

namespace Init.InitProcess;

/// <summary>Ways to go wrong that no handler catches.</summary>
internal static class Crash
{
    private static long _depth;

    public static void Now(string? way)
    {
        switch (way)
        {
            case null:
                return;
            case "throw":
                throw new InvalidOperationException("a thread threw");
            case "stack":
                _depth = Deeper(new Block());
                return;
            case "memory":
                _depth = Hoard();
                return;
            default:
                throw new ArgumentException($"--crash {way}: throw, stack or memory");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Deeper(Block block)
    {
        Block next = block;
        next[0] = ++_depth;
        return Deeper(next) + next[0];
    }

    // Never written to: it takes the heap's limit and no memory of the machine.
    private static int Hoard()
    {
        List<byte[]> hoard = [];
        while (true)
        {
            hoard.Add(new byte[1 << 28]);
            GC.KeepAlive(hoard);
        }
    }

    [InlineArray(64)]
    private struct Block
    {
        private long _first;
    }
}
