using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Init.Boot;

namespace Init.InitProcess;

/// <summary>Ways to go wrong that no handler catches.</summary>
internal static partial class Crash
{
    private static long _depth;

    public static void Now(string? way)
    {
        switch (way)
        {
            case null:
                return;
            case "throw":
                throw new InvalidOperationException("what a request said");
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

    /// <summary>Makes a system call.</summary>
    /// <param name="call">Its number and its arguments: <c>41,2,1</c>.</param>
    public static void Call(string? call)
    {
        if (call is not null)
        {
            nint[] numbers = [.. call.Split(',').Select(number => nint.Parse(number, CultureInfo.InvariantCulture)), 0, 0, 0, 0, 0, 0];
            nint result = SystemCall(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
            throw new StageException(string.Create(CultureInfo.InvariantCulture, $"call {call}: {result}"));
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

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
