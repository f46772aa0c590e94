using System.Globalization;
using Init.Prover.Bench.Reporting;

namespace Init.Prover.Bench.Measuring;

/// <summary>What others took of the processors while we measured, as shares of all their time.</summary>
/// <param name="Others">Processes that are neither this one nor its children.</param>
/// <param name="Hypervisor">Time in which a processor was wanted and the hypervisor gave it to another machine.</param>
internal sealed record Disturbance(double Others, double Hypervisor)
{
    private const double IdleOthers = 0.05;
    private const double IdleHypervisor = 0.02;
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    /// <summary>Whether so little that the machine counts as idle.</summary>
    public bool IsIdle => Others <= IdleOthers && Hypervisor <= IdleHypervisor;

    /// <summary>Over a second in which this process sleeps.</summary>
    public static Disturbance Now()
    {
        Watch watch = new(static () => Libc.CpuTime(Environment.ProcessId));
        Thread.Sleep(Glance);
        return watch.Ended();
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"other processes took {100 * Others:F1} % of the processors' time, the hypervisor {100 * Hypervisor:F1} %");

    /// <summary>From its making to <see cref="Ended"/>.</summary>
    /// <param name="ownTime">CPU time of this process and its children so far.</param>
    internal sealed class Watch(Func<TimeSpan> ownTime)
    {
        private readonly ProcessorTimes _begin = HostReading.Processors();
        private readonly TimeSpan _ownBegin = ownTime();

        public Disturbance Ended()
        {
            ProcessorTimes end = HostReading.Processors();
            double total = (end.Total - _begin.Total).TotalSeconds;
            double others = (end.Busy - _begin.Busy - (ownTime() - _ownBegin)).TotalSeconds;
            return new Disturbance(
                Math.Round(Math.Max(0, others) / total, 4), Math.Round((end.Stolen - _begin.Stolen).TotalSeconds / total, 4));
        }
    }
}
