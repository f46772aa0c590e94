using System.Diagnostics;
using System.Globalization;

namespace Init.Prover.Bench.Measuring;

/// <summary>Runs a program to its end and says what it took, in a process between it and this one.</summary>
/// <remarks>
/// A program that has ended tells its peak only to who waits for it, and the kernel counts into that peak what the process that
/// forked it had resident (exec_mmap in fs/exec.c). This process has hundreds of megabytes at times, so a small one forks: the same
/// executable, with <see cref="Verb"/> as its first argument. What it has resident itself, a few megabytes, is the least peak seen.
/// </remarks>
internal static class EndedChild
{
    public const string Verb = "measure-child";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>Runs <paramref name="command"/> and returns what it took.</summary>
    /// <exception cref="BenchException">It failed; with what it said on stderr.</exception>
    public static Sample Run(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        string self = Environment.ProcessPath ?? throw new BenchException("find this executable: no path");
        ProcessStartInfo start = new(self, [Verb, .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start) ?? throw new BenchException($"start {self}: no process");
        using Timer deadline = new(_ => process.Kill(entireProcessTree: true), null, Deadline, Timeout.InfiniteTimeSpan);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string[] lines = process.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new BenchException($"{string.Join(' ', command)}: exit code {process.ExitCode}: {error.GetAwaiter().GetResult()}");
        }

        long[] numbers = [.. lines[^1].Split(' ').Select(n => long.Parse(n, CultureInfo.InvariantCulture))];
        return new Sample(TimeSpan.FromTicks(numbers[0]), TimeSpan.FromTicks(numbers[1]), numbers[2]);
    }

    /// <summary>The process between: runs the command with its own stdout and stderr; the last line has the numbers.</summary>
    public static int MeasureHere(string[] command)
    {
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]))
            ?? throw new BenchException($"start {command[0]}: no process");
        process.WaitForExit();
        TimeSpan wall = Stopwatch.GetElapsedTime(begin);
        (TimeSpan cpu, long peakBytes) = Libc.UsageOfEndedChildren();
        Console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"\n{wall.Ticks} {cpu.Ticks} {peakBytes}\n"));
        return process.ExitCode;
    }
}
