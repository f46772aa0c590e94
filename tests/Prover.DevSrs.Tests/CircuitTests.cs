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
        long estimate = MemoryEstimate.ForProof(run.Size);
        long used = run.PeakMemoryBytes - run.SnapshotBytes;
        output.WriteLine($"{name}: {run.Size.DyadicGates} gates, used {used >> 20} MiB, estimate {estimate >> 20} MiB, peak {run.PeakMemoryBytes >> 20} MiB");
        Assert.InRange(run.PeakMemoryBytes, 0, Math.Max(run.InitialMemoryBytes, run.SnapshotBytes + estimate));
        if (run.PeakMemoryBytes > run.InitialMemoryBytes)
        {
            Assert.InRange(estimate, used, 3 * used);
        }
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
