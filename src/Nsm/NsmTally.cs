namespace Init.Nsm;

/// <summary>What <see cref="NsmCounters"/> are read from. Guarded by the session's lock.</summary>
internal sealed class NsmTally
{
    private readonly long[] _calls = new long[(int)NsmCommand.GetRandom + 1];
    private readonly long[] _errors = new long[(int)NsmError.Closed + 1];
    private TimeSpan _lastLatency;
    private TimeSpan _maximumLatency;

    public bool IsLost { get; set; }

    public long GivenUp { get; set; }

    public void Count(NsmCommand command) => _calls[(int)command]++;

    public void Count(NsmError error) => _errors[(int)error]++;

    public void Count(TimeSpan latency)
    {
        _lastLatency = latency;
        _maximumLatency = latency > _maximumLatency ? latency : _maximumLatency;
    }

    public NsmCounters Read(int queued, long deviceOpens) => new()
    {
        Calls = NotZero<NsmCommand>(_calls, index => (NsmCommand)index),
        Errors = NotZero<NsmError>(_errors, index => (NsmError)index),
        Queued = queued,
        GivenUp = GivenUp,
        LastLatency = _lastLatency,
        MaximumLatency = _maximumLatency,
        DeviceOpens = deviceOpens,
        IsLost = IsLost,
    };

    private static Dictionary<TName, long> NotZero<TName>(long[] counts, Func<int, TName> name)
        where TName : notnull
    {
        Dictionary<TName, long> counted = [];
        for (int index = 0; index < counts.Length; index++)
        {
            if (counts[index] != 0)
            {
                counted.Add(name(index), counts[index]);
            }
        }

        return counted;
    }
}
