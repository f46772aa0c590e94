using Init.Prover.Bench.Contestants;
using Init.Prover.Bench.Measuring;

namespace Init.Prover.Bench;

/// <summary>One thing that all contestants do with the same input and the same number of threads.</summary>
internal sealed record Cell(Workload Workload, Lineup Lineup, Operation Operation)
{
    public override string ToString() =>
        $"{Operation} {Workload.Name}, {Lineup.Threads} {(Lineup.Threads == 1 ? "thread" : "threads")}".ToLowerInvariant();
}

/// <summary>Lets the contestants take turns, keeps what each took, and has each one's answers checked by another.</summary>
internal sealed class Race
{
    private readonly Dictionary<(Cell, Contestant), List<Sample>> _samples = [];
    private readonly Dictionary<(Workload, Contestant), Proof> _proofs = [];

    /// <summary>The samples of a contestant, in the order of the rounds; empty when it did not take part.</summary>
    public IReadOnlyList<Sample> Samples(Cell cell, Contestant who) => _samples.GetValueOrDefault((cell, who)) ?? [];

    /// <summary>One turn of each contestant named. Who begins changes with the round.</summary>
    /// <exception cref="BenchException">A key differs, or a proof does not verify.</exception>
    public void Run(Cell cell, int round, IReadOnlyList<Contestant> who)
    {
        IContestant[] order = [.. cell.Lineup.All.Where(c => who.Contains(c.Who))];
        for (int i = 0; i < order.Length; i++)
        {
            IContestant contestant = order[(round + i) % order.Length];
            Sample sample = cell.Operation switch
            {
                Operation.Key => Key(cell, contestant),
                Operation.Prove => Prove(cell, contestant),
                _ => Verify(cell, contestant),
            };
            if (!_samples.TryGetValue((cell, contestant.Who), out List<Sample>? samples))
            {
                _samples[(cell, contestant.Who)] = samples = [];
            }

            samples.Add(sample);
        }
    }

    private static Sample Key(Cell cell, IContestant contestant)
    {
        Measured<ReadOnlyMemory<byte>> key = contestant.ComputeKey(cell.Workload);
        cell.Workload.AcceptKey(key.Answer, $"{contestant.Who}");
        return key.Sample;
    }

    private Sample Prove(Cell cell, IContestant contestant)
    {
        RequireKey(cell);
        Measured<Proof> proof = contestant.Prove(cell.Workload);
        IContestant verifier = contestant.Who == Contestant.Init ? cell.Lineup.BbMsgpack : cell.Lineup.Init;
        Expect(verifier.Verify(cell.Workload, proof.Answer).Answer, cell, $"{verifier.Who} refuses {contestant.Who}'s proof");
        _proofs[(cell.Workload, contestant.Who)] = proof.Answer;
        return proof.Sample;
    }

    private Sample Verify(Cell cell, IContestant contestant)
    {
        IContestant prover = contestant.Who == Contestant.Init ? cell.Lineup.BbMsgpack : cell.Lineup.Init;
        if (!_proofs.TryGetValue((cell.Workload, prover.Who), out Proof? proof))
        {
            RequireKey(cell);
            _proofs[(cell.Workload, prover.Who)] = proof = prover.Prove(cell.Workload).Answer;
        }

        Measured<bool> verdict = contestant.Verify(cell.Workload, proof);
        Expect(verdict.Answer, cell, $"{contestant.Who} refuses {prover.Who}'s proof");
        return verdict.Sample;
    }

    private static void RequireKey(Cell cell)
    {
        if (cell.Workload.Key.IsEmpty)
        {
            cell.Workload.AcceptKey(cell.Lineup.BbMsgpack.ComputeKey(cell.Workload).Answer, $"{Contestant.BbMsgpack}");
        }
    }

    private static void Expect(bool right, Cell cell, string wrong)
    {
        if (!right)
        {
            throw new BenchException($"{cell}: {wrong}");
        }
    }
}
