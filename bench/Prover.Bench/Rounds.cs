using System.Diagnostics;
using System.Globalization;
using Init.Prover.Bench.Contestants;

namespace Init.Prover.Bench;

/// <summary>Runs rounds of all cells while there is time: those that the aims are about get all their rounds, the others what is left.</summary>
/// <remarks>
/// The first round is run whole. Later ones reserve time for smaller circuits, and proving goes before verifying and keys. bb as a
/// process has fewer rounds where it takes long, and bb.js, which no aim names, a turn at the end where there is time.
/// </remarks>
internal sealed class Rounds(Race race, IReadOnlyList<Cell> cells, BenchOptions options, long begin)
{
    /// <summary>Between measured calls: checks of the answers, files, the process between.</summary>
    private static readonly TimeSpan Overhead = TimeSpan.FromMilliseconds(100);

    /// <summary>Below this a proof's cost does not depend on the circuit.</summary>
    private const long LeastGates = 1 << 12;

    /// <summary>Above this bb as a process has only <see cref="BenchOptions.LargeProcessRounds"/>.</summary>
    private const long LargeGates = 1 << 16;

    public void Run()
    {
        for (int round = 0; round < options.Rounds; round++)
        {
            foreach (Cell cell in cells)
            {
                Contestant[] who = Participants(cell);
                if (round == 0 || Fits(cell, who))
                {
                    Race(cell, round, who);
                }
            }
        }

        for (int round = 0; round < options.BbJsRounds; round++)
        {
            foreach (Cell cell in cells.Where(cell => FitsAlone(cell, [Contestant.BbJs])))
            {
                Race(cell, round, [Contestant.BbJs]);
            }
        }
    }

    private void Race(Cell cell, int round, Contestant[] who)
    {
        race.Run(cell, round, who);
        Report(cell, round, who);
    }

    private Contestant[] Participants(Cell cell) =>
        Size(cell) <= LargeGates || race.Samples(cell, Contestant.BbProcess).Count < options.LargeProcessRounds
            ? [Contestant.Init, Contestant.BbMsgpack, Contestant.BbProcess]
            : [Contestant.Init, Contestant.BbMsgpack];

    /// <summary>Whether there is time for a cell, and after it for all rounds of those that go before it.</summary>
    private bool Fits(Cell cell, Contestant[] who)
    {
        TimeSpan reserved = cells.Where(other => Rank(other).CompareTo(Rank(cell)) < 0).Aggregate(TimeSpan.Zero, (sum, other) =>
            sum + (Cost(other, Participants(other)) * (options.Rounds - race.Samples(other, Contestant.Init).Count)));
        return Stopwatch.GetElapsedTime(begin) + Cost(cell, who) + reserved <= options.Budget;
    }

    private bool FitsAlone(Cell cell, Contestant[] who) => Stopwatch.GetElapsedTime(begin) + Cost(cell, who) <= options.Budget;

    private static (long, int) Rank(Cell cell) => (Size(cell), cell.Operation switch
    {
        Operation.Prove => 0,
        Operation.Verify => 1,
        _ => 2,
    });

    private TimeSpan Cost(Cell cell, Contestant[] who) =>
        who.Aggregate(Overhead, (sum, contestant) => sum + Estimate(cell, contestant));

    /// <summary>What a contestant took last time, or what it (bb.js: ten times us) took for the next smaller circuit, in proportion.</summary>
    private TimeSpan Estimate(Cell cell, Contestant who)
    {
        Cell? measured = cells
            .Where(c => c.Lineup == cell.Lineup && c.Operation == cell.Operation && race.Samples(c, who).Count > 0)
            .LastOrDefault(c => Size(c) <= Size(cell));
        if (measured is null)
        {
            return who == Contestant.BbJs ? 10 * Estimate(cell, Contestant.Init) : TimeSpan.Zero;
        }

        return race.Samples(measured, who)[^1].Wall * (cell.Operation == Operation.Verify ? 1 : (double)Size(cell) / Size(measured));
    }

    private static long Size(Cell cell) => Math.Max(LeastGates, cell.Workload.Size?.DyadicGates ?? 0);

    private void Report(Cell cell, int round, Contestant[] who)
    {
        IEnumerable<string> times = who.Select(contestant => string.Create(
            CultureInfo.InvariantCulture, $"{contestant} {race.Samples(cell, contestant)[^1].Cpu.TotalMilliseconds:F0} ms"));
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"bench: {seconds,5:F0} s, round {round + 1}: {cell}: CPU {string.Join(", ", times)}"));
    }
}
