using System.Diagnostics;
using System.Globalization;

namespace Init.Prover.Bench.Measuring;

/// <summary>Measures calls that a process serves, this one or a child: the same instruments for both.</summary>
internal sealed class ProcessMeter(int pid)
{
    public Measured<T> Measure<T>(Func<T> call)
    {
        ResetPeak();
        TimeSpan cpu = Libc.CpuTime(pid);
        long start = Stopwatch.GetTimestamp();
        T answer = call();
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        cpu = Libc.CpuTime(pid) - cpu;
        return new Measured<T>(answer, new Sample(wall, cpu, PeakBytes()));
    }

    /// <summary>VmHWM: the largest resident size since the last reset.</summary>
    public long PeakBytes()
    {
        const string Field = "VmHWM:";
        string line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith(Field, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(Field.Length).Trim().TrimEnd("kB").TrimEnd(), CultureInfo.InvariantCulture) << 10;
    }

    // proc_pid_clear_refs(5): 5 resets VmHWM to the present resident size.
    private void ResetPeak() => File.WriteAllText($"/proc/{pid}/clear_refs", "5");
}
