using System.Globalization;
using Init.Prover.Bench.Contestants;
using Init.Prover.Bench.Measuring;
using Init.Prover.Crs;

namespace Init.Prover.Bench;

/// <summary>All contestants with the same number of threads.</summary>
internal sealed class Lineup : IDisposable
{
    private Lineup(int threads, InProcess init, WarmChild bbMsgpack, WholeProcess bbProcess, WarmChild? bbJs)
    {
        Threads = threads;
        Init = init;
        BbMsgpack = bbMsgpack;
        BbProcess = bbProcess;
        BbJs = bbJs;
        All = bbJs is null ? [init, bbMsgpack, bbProcess] : [init, bbMsgpack, bbProcess, bbJs];
    }

    public int Threads { get; }

    public InProcess Init { get; }

    public WarmChild BbMsgpack { get; }

    public WholeProcess BbProcess { get; }

    /// <summary>Null when it takes part in no round.</summary>
    public WarmChild? BbJs { get; }

    public IReadOnlyList<IContestant> All { get; }

    /// <summary>CPU time of the children that stay warm.</summary>
    public TimeSpan CpuTimeOfWarmChildren() =>
        Libc.CpuTime(BbMsgpack.Pid) + (BbJs is null ? TimeSpan.Zero : Libc.CpuTime(BbJs.Pid));

    /// <summary>Starts them and gives each its reference string, and those that stay warm one request of each kind.</summary>
    public static Lineup Start(
        int threads, CpuFeatures without, string bb, string crsFolder, ReferenceString crs, bool withBbJs, Workload warmUp)
    {
        Dictionary<string, string> environment = new()
        {
            ["CRS_PATH"] = crsFolder,
            ["HARDWARE_CONCURRENCY"] = threads.ToString(CultureInfo.InvariantCulture),
        };
        Lineup lineup = new(
            threads,
            InProcess.Start(threads, without, crs),
            WarmChild.Start(Contestant.BbMsgpack, [bb, "msgpack", "run"], environment, crs),
            new WholeProcess(bb, environment),
            withBbJs ? WarmChild.Start(Contestant.BbJs, ["node", Checkout.BbJsScript, $"{threads}"], environment, crs) : null);
        foreach (IContestant contestant in lineup.All)
        {
            warmUp.AcceptKey(contestant.ComputeKey(warmUp).Answer, $"{contestant.Who}");
            contestant.Verify(warmUp, contestant.Prove(warmUp).Answer);
        }

        return lineup;
    }

    public void Dispose()
    {
        foreach (IContestant contestant in All)
        {
            contestant.Dispose();
        }
    }
}
