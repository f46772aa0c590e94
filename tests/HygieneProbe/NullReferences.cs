using System.Runtime.CompilerServices;

namespace Init.HygieneProbe;

/// <summary>Native AOT's null checks are faults that its SIGSEGV handler turns into exceptions; ours stands before it.</summary>
internal static class NullReferences
{
    /// <summary>How many of so many null references were caught as exceptions.</summary>
    public static int Caught(int attempts)
    {
        int caught = 0;
        for (int i = 0; i < attempts; i++)
        {
            try
            {
                LengthOf(null);
            }
            catch (NullReferenceException)
            {
                caught++;
            }
        }

        return caught;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LengthOf(string? text) => text!.Length;
}
