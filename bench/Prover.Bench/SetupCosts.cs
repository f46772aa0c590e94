using System.Diagnostics;
using Init.Prover.Barretenberg;
using Init.Prover.Bench.Contestants;
using Init.Prover.Bench.Measuring;
using Init.Prover.Crs;
using Init.Prover.Native;

namespace Init.Prover.Bench;

/// <summary>What our prover takes before, between and after proofs, in milliseconds: a production server's fixed costs.</summary>
/// <param name="Points">G1 points of the reference string.</param>
/// <param name="GrumpkinPoints">Its Grumpkin points.</param>
/// <param name="ReadCrs">Reading the folder and checking that every point is on its curve.</param>
/// <param name="Create">prover_create: instantiating the module.</param>
/// <param name="LoadCrs">SrsInitSrs, and SrsInitGrumpkinSrs where there are such points, in the base instance.</param>
/// <param name="Freeze">Taking the snapshot.</param>
/// <param name="Open">Making an instance.</param>
/// <param name="SmallestRequest">A whole request that does next to nothing: open, hash nothing, copy the reply, close.</param>
/// <param name="CloseAfterProof">Dropping an instance that has proved <paramref name="ProvedCircuit"/>.</param>
/// <param name="ProvedCircuit">The largest circuit measured.</param>
internal sealed record SetupCosts(
    int Points,
    int GrumpkinPoints,
    double ReadCrs,
    Series Create,
    Series LoadCrs,
    Series Freeze,
    Series Open,
    Series SmallestRequest,
    double CloseAfterProof,
    string ProvedCircuit)
{
    private const int Setups = 3;
    private const int Openings = 50;

    // `without` holds for the whole process, and what is created last decides: it must be that of the contestants.
    public static SetupCosts Measure(double readCrsMs, ReferenceString crs, int threads, CpuFeatures without, Workload largest)
    {
        List<double> create = [], load = [], freeze = [], open = [], smallest = [];
        double closeAfterProof = 0;
        for (int i = 0; i < Setups; i++)
        {
            ProverOptions options = new() { Threads = threads, Without = without };
            Sandbox? made = null;
            create.Add(Milliseconds(() => made = Sandbox.Create(options.Threads, options.StackBytes, options.MemoryLimitBytes, options.Without)));
            using Sandbox sandbox = made!;
            load.Add(Milliseconds(() => InitSrs(sandbox, crs)));
            freeze.Add(Milliseconds(sandbox.Freeze));
            if (i == Setups - 1)
            {
                MeasureInstances(sandbox, open, smallest);
                closeAfterProof = MeasureClose(sandbox, largest);
            }
        }

        return new SetupCosts(
            crs.G1PointCount, crs.GrumpkinPointCount, readCrsMs, Series.Of(create), Series.Of(load), Series.Of(freeze),
            Series.Of(open), Series.Of(smallest), closeAfterProof, largest.Name);
    }

    public static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void InitSrs(Sandbox sandbox, ReferenceString crs)
    {
        using SandboxInstance instance = sandbox.OpenBase();
        foreach (ICommand command in Requests.Loading(crs))
        {
            Replies.ReadAcknowledgement(BarretenbergProver.Call(instance, command, CallLimits.None), command);
        }
    }

    private static void MeasureInstances(Sandbox sandbox, List<double> open, List<double> smallest)
    {
        for (int i = 0; i < Openings; i++)
        {
            SandboxInstance? instance = null;
            open.Add(Milliseconds(() => instance = sandbox.Open()));
            instance!.Dispose();
            smallest.Add(Milliseconds(() => HashNothing(sandbox)));
        }
    }

    private static void HashNothing(Sandbox sandbox)
    {
        using SandboxInstance instance = sandbox.Open();
        Blake2s command = new();
        Replies.ReadAcknowledgement(BarretenbergProver.Call(instance, command, CallLimits.None), command);
    }

    private static double MeasureClose(Sandbox sandbox, Workload largest)
    {
        CircuitProve command = new(largest.NewCircuit(), largest.Key, largest.NewWitness(), ProofSettings.Default);
        SandboxInstance instance = sandbox.Open();
        Replies.ReadProof(BarretenbergProver.Call(instance, command, CallLimits.None), command);
        return Milliseconds(instance.Dispose);
    }
}
