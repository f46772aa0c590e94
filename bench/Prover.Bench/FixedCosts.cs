using Init.Prover.Bench.Contestants;
using Init.Prover.Bench.Measuring;

namespace Init.Prover.Bench;

/// <summary>What a request takes before its work: the smallest one there is, by those in other processes, in milliseconds.</summary>
/// <param name="BbMsgpack">A round trip over two pipes.</param>
/// <param name="BbProcess"><c>bb --version</c>: a process that does nothing.</param>
/// <param name="BbJs">A round trip over two pipes; null when bb.js takes no part.</param>
/// <param name="BbMsgpackStart">From starting native bb until it has the reference string.</param>
/// <param name="BbJsStart">The same for bb.js.</param>
internal sealed record FixedCosts(Series BbMsgpack, Series BbProcess, Series? BbJs, double BbMsgpackStart, double? BbJsStart)
{
    private const int Requests = 20;

    public static FixedCosts Measure(Lineup lineup, string bb)
    {
        List<double> bbMsgpack = [], bbProcess = [], bbJs = [];
        Dictionary<string, string> environment = [];
        for (int i = 0; i < Requests; i++)
        {
            bbMsgpack.Add(lineup.BbMsgpack.Call(new Blake2s()).Sample.Wall.TotalMilliseconds);
            bbProcess.Add(EndedChild.Run([bb, "--version"], environment).Wall.TotalMilliseconds);
            if (lineup.BbJs is not null)
            {
                bbJs.Add(lineup.BbJs.Call(new Blake2s()).Sample.Wall.TotalMilliseconds);
            }
        }

        return new FixedCosts(
            Series.Of(bbMsgpack), Series.Of(bbProcess), bbJs.Count > 0 ? Series.Of(bbJs) : null,
            lineup.BbMsgpack.Startup.Wall.TotalMilliseconds, lineup.BbJs?.Startup.Wall.TotalMilliseconds);
    }
}
