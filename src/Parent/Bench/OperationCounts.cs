namespace Init.Parent.Bench;

/// <summary>What became of requests of one kind, or in one piece of time.</summary>
/// <remarks>Threads: any, at the same time.</remarks>
internal sealed class OperationCounts(int precisionBits)
{
    private readonly long[] _errors = new long[LoadErrors.Names.Count];
    private long _answered;

    public LatencyHistogram Latency { get; } = new(precisionBits);

    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Those that happened.</summary>
    public IReadOnlyList<(string Name, long Count)> Errors =>
        [.. LoadErrors.Names.Select((name, index) => (name, Interlocked.Read(ref _errors[index]))).Where(error => error.Item2 > 0)];

    public long ErrorCount => Errors.Sum(error => error.Count);

    public void CountAnswer() => Interlocked.Increment(ref _answered);

    public void CountError(string name, long times = 1)
    {
        for (int index = 0; index < _errors.Length; index++)
        {
            if (LoadErrors.Names[index] == name)
            {
                Interlocked.Add(ref _errors[index], times);
                return;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(name), name, "not an error of a load");
    }
}
