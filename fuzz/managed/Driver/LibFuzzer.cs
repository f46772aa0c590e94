using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Init.Fuzz.Driver;

/// <summary>libFuzzer inside this process: driver/libfuzzer.c.</summary>
internal static unsafe partial class LibFuzzer
{
    /// <summary>Bytes at <see cref="Coverage"/>: SharpFuzz's.</summary>
    public const int CoverageBytes = 1 << 16;

    private const string Library = "libfuzzer.so";

    private static Func<byte[], string?> _one = _ => null;

    /// <summary>Where the instrumentation counts: 65,536 bytes that libFuzzer clears before and reads after each input.</summary>
    public static byte* Coverage() => fuzz_coverage();

    /// <summary>Runs until libFuzzer's options say that it is enough. It ends the process itself when an input breaks something.</summary>
    /// <param name="arguments">libFuzzer's, with the program's name first: it runs itself again to merge.</param>
    /// <param name="one">Takes an input; returns what is wrong, or null.</param>
    public static int Run(IReadOnlyList<string> arguments, Func<byte[], string?> one)
    {
        _one = one;
        byte** argv = (byte**)NativeMemory.AllocZeroed((nuint)arguments.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < arguments.Count; i++)
        {
            argv[i] = (byte*)Marshal.StringToCoTaskMemUTF8(arguments[i]);
        }

        return fuzz_run(arguments.Count, argv, &One);
    }

    // Nothing may be thrown through libFuzzer's frames.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int One(byte* data, nuint length)
    {
        string? broken = _one(new ReadOnlySpan<byte>(data, (int)length).ToArray());
        if (broken is null)
        {
            return 0;
        }

        System.Console.Error.WriteLine(broken);
        return 1;
    }

    [LibraryImport(Library)]
    private static partial byte* fuzz_coverage();

    [LibraryImport(Library)]
    private static partial int fuzz_run(int argc, byte** argv, delegate* unmanaged[Cdecl]<byte*, nuint, int> one);
}
