using Init.Prover.Barretenberg;
using Init.Prover.Crs;
using Init.Testing;

namespace Init.Prover.DevSrs.Tests;

/// <summary>Provers under the INSECURE development SRS, and what was computed once for each circuit.</summary>
public sealed class DevSrsProver : IDisposable
{
    private readonly ReferenceString _crs = CrsFolder.Load(Places.DevSrs, new CrsOptions());
    private readonly Dictionary<string, CircuitRun> _runs = [];

    // Made before any test, since some measure time.
    public DevSrsProver() => Prover = Create(new ProverOptions { Threads = 2 });

    public BarretenbergProver Prover { get; }

    public NativeBb Bb { get; } = NativeBb.WithDevSrs();

    public BarretenbergProver Create(ProverOptions options) => BarretenbergProver.Create(options, _crs);

    /// <summary>Key, proof and memory of one circuit, ours and native's; computed on the first use.</summary>
    public CircuitRun Run(string name)
    {
        if (!_runs.TryGetValue(name, out CircuitRun? run))
        {
            run = CircuitRun.Of(this, TestCircuit.Named(name));
            _runs.Add(name, run);
        }

        return run;
    }

    public void Dispose() => Prover.Dispose();
}
