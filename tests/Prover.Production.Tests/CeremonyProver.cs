using Init.Prover.Barretenberg;
using Init.Prover.Crs;
using Init.Testing;

namespace Init.Prover.Production.Tests;

/// <summary>One production prover with the ceremony's points for all tests of this assembly.</summary>
public sealed class CeremonyProver : IDisposable
{
    private readonly Lazy<BarretenbergProver> _prover = new(() => BarretenbergProver.Create(
        new ProverOptions { Threads = 2, MemoryLimitBytes = 1L << 30 },
        CrsFolder.Load(Places.CeremonyCrs, new CrsOptions())));

    private readonly Lazy<NativeBb> _bb = new(NativeBb.Unmodified);

    private readonly Lazy<TestCircuit> _tiny = new(() => TestCircuit.Named("tiny"));

    public BarretenbergProver Prover => _prover.Value;

    public TestCircuit Tiny => _tiny.Value;

    public NativeBb Bb => _bb.Value;

    public void Dispose()
    {
        if (_prover.IsValueCreated)
        {
            _prover.Value.Dispose();
        }
    }
}
