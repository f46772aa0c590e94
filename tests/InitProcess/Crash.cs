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
            default:
                throw new ArgumentException($"--crash {way}: throw or stack");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Deeper(Block block)
    {
        Block next = block;
        next[0] = ++_depth;
        return Deeper(next) + next[0];
    }

    [InlineArray(64)]
    private struct Block
    {
        private long _first;
    }
}
