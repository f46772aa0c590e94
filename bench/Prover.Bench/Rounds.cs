using System.Diagnostics;
using System.Globalization;
using Init.Prover.Bench.Contestants;
using Init.Prover.Bench.Measuring;

namespace Init.Prover.Bench;

/// <summary>Runs rounds of all cells while there is time: the cheap ones get all their rounds, the dear ones what is left.</summary>
/// <remarks>The first round is run whole, save that bb.js sits out where that round would not end in time with it.</remarks>
internal sealed class Rounds(Race race, IReadOnlyList<Cell> cells, BenchOptions options, long begin)
{
    /// <summary>Between measured calls: checks of the answers, files, the process between.</summary>
    private static readonly TimeSpan Overhead = TimeSpan.FromMilliseconds(100);

    /// <summary>Below this a proof's cost does not depend on the circuit.</summary>
    private const long LeastGates = 1 << 12;

    public void Run()
    {
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int i = 0; i < cells.Count; i++)
            {
                bool withBbJs = race.Samples(cells[i], Contestant.BbJs).Count < options.BbJsRounds && Fits(i, round, withBbJs: true);
                if (round == 0 || withBbJs || Fits(i, round, withBbJs: false))
                {
                    race.Run(cells[i], round, withBbJs);
                    Report(cells[i], round, withBbJs);
                }
            }
        }
    }

    /// <summary>Whether there is time for a cell, and after it for what must or should be run rather than it.</summary>
    private bool Fits(int index, int round, bool withBbJs)
    {
        TimeSpan cost = Cost(cells[index], withBbJs);
        TimeSpan reserved = round == 0
            ? Sum(cells.Skip(index + 1), cell => Cost(cell, withBbJs: false))
            : Sum(
                cells.Where(cell => Cost(cell, withBbJs: false) < cost),
                cell => Cost(cell, withBbJs: false) * (options.Rounds - race.Samples(cell, Contestant.Init).Count));
        return Stopwatch.GetElapsedTime(begin) + cost + reserved <= options.Budget;
    }

    private TimeSpan Cost(Cell cell, bool withBbJs) => Overhead + Sum(
        cell.Lineup.All.Where(c => withBbJs || c.Who != Contestant.BbJs), c => Estimate(cell, c.Who));

    /// <summary>What a contestant took last time, or what it took for the next smaller circuit, in proportion.</summary>
    private TimeSpan Estimate(Cell cell, Contestant who)
    {
        Cell? measured = cells
            .Where(c => c.Lineup == cell.Lineup && c.Operation == cell.Operation && race.Samples(c, who).Count > 0)
            .LastOrDefault(c => Size(c) <= Size(cell));
        return measured is null
            ? TimeSpan.Zero
            : race.Samples(measured, who)[^1].Wall * (cell.Operation == Operation.Verify ? 1 : (double)Size(cell) / Size(measured));
    }

    private static long Size(Cell cell) => Math.Max(LeastGates, cell.Workload.Size?.DyadicGates ?? 0);

    private static TimeSpan Sum<T>(IEnumerable<T> items, Func<T, TimeSpan> cost) =>
        items.Aggregate(TimeSpan.Zero, (sum, item) => sum + cost(item));

    private void Report(Cell cell, int round, bool withBbJs)
    {
        IEnumerable<string> times =
            from contestant in cell.Lineup.All
            let samples = race.Samples(cell, contestant.Who)
            where samples.Count > 0 && (withBbJs || contestant.Who != Contestant.BbJs)
            select string.Create(CultureInfo.InvariantCulture, $"{contestant.Who} {samples[^1].Cpu.TotalMilliseconds:F0} ms");
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"bench: {seconds,5:F0} s, round {round + 1}: {cell}: CPU {string.Join(", ", times)}"));
    }
}
