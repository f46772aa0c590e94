using Init.Testing;
using Xunit.Abstractions;

namespace Init.Prover.DevSrs.Tests;

/// <summary>2^12, 2^16 and 2^18 gates: the same keys as native bb, and proofs that verify both ways.</summary>
[Collection(DevSrsGroup.Name)]
public sealed class CircuitTests(DevSrsProver provers, ITestOutputHelper output)
{
    [VectorsTheory]
    [InlineData("small")]
    [InlineData("medium")]
    [InlineData("large")]
    public void Keys_are_byte_identical_to_native_bb(string name)
    {
        CircuitRun run = provers.Run(name);
        Assert.Equal(run.Theirs.Key.Bytes.ToArray(), run.Ours.Key.Bytes.ToArray());
        Assert.Equal(run.Theirs.Key.Hash.ToArray(), run.Ours.Key.Hash.ToArray());
    }

    [VectorsTheory]
    [InlineData("small")]
    [InlineData("medium")]
    [InlineData("large")]
    public void Proofs_verify_both_ways(string name)
    {
        CircuitRun run = provers.Run(name);
        Assert.True(provers.Bb.Verifies(Places.Scratch(nameof(CircuitTests)), run.Ours, ProofSettings.Default));
        Assert.True(provers.Prover.Verify(
            run.Theirs.Key.Bytes, run.Theirs.Bytes, run.Theirs.PublicInputs, ProofSettings.Default, CallLimits.None));
        Assert.Equal(run.Theirs.PublicInputs.ToArray(), run.Ours.PublicInputs.ToArray());
    }

    [VectorsTheory]
    [InlineData("small")]
    [InlineData("medium")]
    [InlineData("large")]
    public void The_memory_estimate_is_above_the_truth_and_below_three_times_it(string name)
    {
        CircuitRun run = provers.Run(name);
        long grown = run.PeakMemoryBytes - run.InitialMemoryBytes;
        long estimate = MemoryEstimate.ForProof(run.Size);
        output.WriteLine($"{name}: {run.Size.DyadicGates} gates, initially {run.InitialMemoryBytes >> 20} MiB, peak {run.PeakMemoryBytes >> 20} MiB, grown {grown >> 10} KiB, estimate {estimate >> 10} KiB");
        Assert.InRange(estimate, run.PeakMemoryBytes - run.InitialMemoryBytes, long.MaxValue);
        Assert.InRange(estimate, 0, Math.Max(3 * grown, MemoryEstimate.ForProof(new CircuitStatistics(0, 1 << 13, 0))));
    }

    [VectorsFact]
    public void The_unmodified_bb_refuses_a_proof_under_the_development_srs()
    {
        Proof ours = provers.Run("small").Ours;
        Assert.False(NativeBb.Unmodified().Verifies(Places.Scratch(nameof(CircuitTests)), ours, ProofSettings.Default));
    }

    [Fact]
    public void The_library_says_that_it_is_insecure() =>
        Assert.Contains("INSECURE", provers.Prover.Statistics.SrsKind, StringComparison.Ordinal);
}
