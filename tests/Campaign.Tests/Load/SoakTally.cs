using System.Globalization;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Campaign.Tests.Load;

/// <summary>What came of everything, counted. Any thread.</summary>
internal sealed class SoakTally(Random random)
{
    private const int KeptFaults = 20;
    private const int KeptProofs = 120;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SortedDictionary<string, long>> _counts = [];
    private readonly List<string> _faults = [];
    private readonly List<ProveReply> _proofs = [];

    /// <summary>Things that clients did.</summary>
    public long Total { get; private set; }

    /// <summary>Of those, what ended as it must not.</summary>
    public long Faults { get; private set; }

    /// <summary>Proofs that came back.</summary>
    public long Proofs { get; private set; }

    /// <summary>Some of them, each as likely as the other, for bb to check.</summary>
    public IReadOnlyList<ProveReply> SomeProofs => _proofs;

    public void Count(string behaviour, Outcome outcome)
    {
        lock (_lock)
        {
            Total++;
            SortedDictionary<string, long> kinds = _counts.TryGetValue(behaviour, out SortedDictionary<string, long>? known) ? known : _counts[behaviour] = [];
            kinds[outcome.Kind] = kinds.GetValueOrDefault(outcome.Kind) + 1;
            if (outcome.Fault is { } fault)
            {
                Faults++;
                if (_faults.Count < KeptFaults)
                {
                    _faults.Add($"{behaviour}: {outcome.Kind}: {fault}");
                    CampaignRecord.Say("fault: " + _faults[^1]);
                }
            }
        }
    }

    /// <summary>Keeps a proof for later, or one that was kept: Vitter's algorithm R.</summary>
    public void Keep(ProveReply reply)
    {
        lock (_lock)
        {
            Proofs++;
            if (_proofs.Count < KeptProofs)
            {
                _proofs.Add(reply);
            }
            else if (random.NextInt64(Proofs) is var at and < KeptProofs)
            {
                _proofs[(int)at] = reply;
            }
        }
    }

    /// <summary>Behaviours that nobody had: a load without them would show less than it says.</summary>
    public IEnumerable<string> NeverDone(IEnumerable<Behaviour> behaviours)
    {
        lock (_lock)
        {
            return [.. behaviours.Select(behaviour => behaviour.Name).Where(name => !_counts.ContainsKey(name))];
        }
    }

    /// <summary>Counts by how things ended, all behaviours together.</summary>
    public string ByKind()
    {
        lock (_lock)
        {
            IEnumerable<IGrouping<string, KeyValuePair<string, long>>> kinds = _counts.Values.SelectMany(counts => counts).GroupBy(count => count.Key);
            return string.Join(", ", kinds.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Sum(count => count.Value)}")));
        }
    }

    /// <summary>Everything, for whoever looks into it.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            IEnumerable<string> lines = _counts.Select(
                counts => $"{counts.Key}: {string.Join(", ", counts.Value.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Value}")))}");
            return string.Join('\n', lines.Concat(_faults));
        }
    }
}
