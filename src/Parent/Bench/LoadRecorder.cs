namespace Init.Parent.Bench;

/// <summary>Counts what becomes of the requests of a load, in memory that does not grow with their number.</summary>
/// <remarks>Threads: any, at the same time. Read it when the load has ended.</remarks>
internal sealed class LoadRecorder
{
    /// <summary>Percentiles are at most a thousandth too large.</summary>
    public const int PrecisionBits = 11;

    private const int SlotPrecisionBits = 7;
    private const int MaxSlots = 120;

    private static readonly TimeSpan ShortestSlot = TimeSpan.FromMilliseconds(100);

    private readonly OperationCounts[] _operations;
    private readonly OperationCounts _all = new(PrecisionBits);
    private readonly OperationCounts[] _slots;

    public LoadRecorder(LoadPlan plan)
    {
        TimeSpan longest = plan.Duration + plan.Timeout;
        SlotLength = plan.Duration / MaxSlots > ShortestSlot ? plan.Duration / MaxSlots : ShortestSlot;
        _operations = [.. plan.Mix.Parts.Select(_ => new OperationCounts(PrecisionBits))];

        // Answers come until the timeout after the last request; what is later than four durations shares the last slot.
        _slots = [.. Enumerable.Range(0, (int)Math.Min(longest / SlotLength, 4 * MaxSlots) + 1).Select(_ => new OperationCounts(SlotPrecisionBits))];
    }

    public TimeSpan SlotLength { get; }

    public OperationCounts All => _all;

    /// <summary>As the mix's parts are.</summary>
    public IReadOnlyList<OperationCounts> Operations => _operations;

    /// <summary>One after the other. Latencies stand where the request was due, answers and errors where they came.</summary>
    public IReadOnlyList<OperationCounts> Slots => _slots;

    /// <param name="part">Which operation.</param>
    /// <param name="due">When it was to be sent, since the load's start.</param>
    /// <param name="ended">When the answer came.</param>
    public void Answered(int part, TimeSpan due, TimeSpan ended)
    {
        Waited(part, due, ended - due);
        _operations[part].CountAnswer();
        _all.CountAnswer();
        SlotAt(ended).CountAnswer();
    }

    /// <summary>An error is no answer to measure, but waiting for nothing is a latency: that long at least.</summary>
    public void Failed(int part, string error, TimeSpan due, TimeSpan ended)
    {
        if (error == LoadErrors.Timeout)
        {
            Waited(part, due, ended - due);
        }

        _operations[part].CountError(error);
        _all.CountError(error);
        SlotAt(ended).CountError(error);
    }

    /// <summary>Requests that were due and never sent; which operations they would have been was not drawn.</summary>
    public void Unsent(TimeSpan due, TimeSpan ended, long times)
    {
        _all.Latency.Add(ended - due, times);
        SlotAt(due).Latency.Add(ended - due, times);
        _all.CountError(LoadErrors.Unsent, times);
        SlotAt(ended).CountError(LoadErrors.Unsent, times);
    }

    private void Waited(int part, TimeSpan due, TimeSpan latency)
    {
        _operations[part].Latency.Add(latency);
        _all.Latency.Add(latency);
        SlotAt(due).Latency.Add(latency);
    }

    private OperationCounts SlotAt(TimeSpan time) => _slots[(int)Math.Clamp(time / SlotLength, 0, _slots.Length - 1)];
}
