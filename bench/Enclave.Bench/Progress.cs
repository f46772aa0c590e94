using System.Diagnostics;

namespace Init.Enclave.Bench;

/// <summary>What is going on, on standard error.</summary>
internal static class Progress
{
    private static readonly long Begin = Stopwatch.GetTimestamp();

    public static TimeSpan Elapsed => Stopwatch.GetElapsedTime(Begin);

    public static void Say(FormattableString text) =>
        Console.Error.WriteLine(FormattableString.Invariant($"bench: {Elapsed.TotalSeconds,5:F0} s, ") + FormattableString.Invariant(text));
}
