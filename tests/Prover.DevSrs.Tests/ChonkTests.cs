using System.Text;
using Init.Prover.Barretenberg;
using Init.Testing;
using Xunit.Abstractions;

namespace Init.Prover.DevSrs.Tests;

/// <summary>Chonk with the real circuits of tests/chonk, native bb being the judge.</summary>
[Collection(DevSrsGroup.Name)]
public sealed class ChonkTests(DevSrsProver provers, ChonkRun run, ITestOutputHelper output) : IClassFixture<ChonkRun>
{
    private static ReadOnlyMemory<byte> HidingKey => ChonkCircuit.Hiding.Key;

    [Fact]
    public void A_proof_of_the_stack_verifies_with_ours_and_with_native_bb()
    {
        output.WriteLine(
            $"accumulate {run.AccumulateTime.TotalSeconds:F1} s, prove {run.ProveTime.TotalSeconds:F1} s, " +
            $"memory {run.Statistics.InitialMemoryBytes >> 20} MiB, at most {run.Statistics.PeakMemoryBytes >> 20} MiB");
        Assert.True(VerifiesHere(run.Proof, HidingKey));
        Assert.True(VerifiesWithBb(provers.Bb, run.Proof, HidingKey));
    }

    [Fact]
    public void Native_bb_s_proof_verifies_with_ours() => Assert.True(VerifiesHere(NativeProof(), HidingKey));

    [Fact]
    public void The_unmodified_bb_refuses_a_proof_under_the_development_srs() =>
        Assert.False(VerifiesWithBb(new NativeBb(Places.NativeBb, Places.DevSrs), run.Proof, HidingKey));

    [Theory]
    [InlineData("app")]
    [InlineData("kernel_init")]
    [InlineData("kernel_tail")]
    [InlineData("hiding")]
    public void Keys_are_byte_identical_to_native_bb(string name)
    {
        ChonkCircuit circuit = new(name);
        VerificationKey key = provers.Prover.ComputeChonkVerificationKey(circuit.Circuit, circuit == ChonkCircuit.Hiding, CallLimits.None);
        Assert.Equal(circuit.Key, key.Bytes.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_flipped_bit_is_refused_by_us_and_by_bb(int transcript)
    {
        ReadOnlyMemory<byte>[] good = [run.Proof.HidingOinkProof, run.Proof.MergeProof, run.Proof.EccvmProof, run.Proof.IpaProof, run.Proof.JointProof];
        int elements = good[transcript].Length / 32;
        foreach (int element in new[] { 0, new Random(20261120).Next(1, elements - 1), elements - 1 })
        {
            // The lowest bit: what comes out is a field element still, and no check of its size refuses it.
            byte[] flipped = good[transcript].ToArray();
            flipped[(element * 32) + 31] ^= 1;
            ReadOnlyMemory<byte>[] parts = [.. good[..transcript], flipped, .. good[(transcript + 1)..]];
            ChonkProof proof = new(parts[0], parts[1], parts[2], parts[3], parts[4]);
            Assert.False(VerifiesHere(proof, HidingKey), $"element {element}");
            Assert.False(VerifiesWithBb(provers.Bb, proof, HidingKey), $"element {element}");
        }
    }

    [Fact]
    public void A_missing_transcript_and_another_circuit_s_key_are_refused()
    {
        Assert.False(VerifiesHere(run.Proof with { IpaProof = ReadOnlyMemory<byte>.Empty }, HidingKey));
        Assert.False(VerifiesHere(run.Proof, ChonkCircuit.Stack[0].Key));
        Assert.False(VerifiesHere(run.Proof, ReadOnlyMemory<byte>.Empty));
    }

    [Fact]
    public void A_deadline_in_the_middle_of_proving_ends_the_session_and_not_the_prover()
    {
        Assert.Equal(ProverError.DeadlineExpired, run.Expired);
        Assert.InRange(run.ExpiredAfter, ChonkRun.Deadline, ChonkRun.Deadline + TimeSpan.FromMilliseconds(200));
        Assert.True(run.ProveTime > 2 * ChonkRun.Deadline, "the deadline was not in the middle");
        Assert.All(run.AfterExpired, error => Assert.Equal(ProverError.DeadlineExpired, error));
        Assert.Equal(new Dictionary<ProverError, long> { [ProverError.DeadlineExpired] = 1 }, run.Statistics.Failures);
    }

    [Fact]
    public void A_stack_takes_the_circuits_it_was_started_for_and_is_proved_once()
    {
        Assert.All(run.AfterLastCircuit, error => Assert.Equal(ProverError.InvalidState, error));
        Assert.Equal(ProverError.InvalidState, run.AfterProof);
    }

    [Fact]
    public void Calls_out_of_order_are_refused_and_change_nothing()
    {
        ChonkCircuit app = ChonkCircuit.Stack[0], kernel = ChonkCircuit.Stack[1];
        using IChonkSession session = provers.Prover.StartChonk(4, CallLimits.None);
        Refuses(() => ChonkRun.Accumulate(session, app));
        Refuses(() => session.Prove(CallLimits.None));
        ChonkRun.Load(session, app);
        Refuses(() => ChonkRun.Load(session, app));
        Refuses(() => session.Prove(CallLimits.None));
        ChonkRun.Accumulate(session, app);
        Refuses(() => ChonkRun.Accumulate(session, app));
        Refuses(() => session.Prove(CallLimits.None));
        ChonkRun.Load(session, kernel);
        ChonkRun.Accumulate(session, kernel);

        static void Refuses(Action action) => Assert.Equal(ProverError.InvalidState, ChonkRun.Record(action));
    }

    [Fact]
    public void A_session_that_failed_fails_for_the_same_reason_ever_after()
    {
        using IChonkSession session = provers.Prover.StartChonk(4, CallLimits.None);
        ChonkRun.Load(session, ChonkCircuit.Stack[0]);
        ProverError? error = ChonkRun.Record(() => ChonkRun.Accumulate(session, ChonkCircuit.Stack[1])); // another circuit's witness
        Assert.Equal(ProverError.Aborted, error);
        Assert.Equal(error, ChonkRun.Record(() => ChonkRun.Accumulate(session, ChonkCircuit.Stack[0])));
        Assert.Equal(error, ChonkRun.Record(() => session.Prove(CallLimits.None)));
    }

    [Fact]
    public void A_circuit_needs_its_key_unless_it_is_the_hiding_kernel()
    {
        Assert.True(run.HidingKernelNeedsNoKey);
        using IChonkSession session = provers.Prover.StartChonk(4, CallLimits.None);
        session.Load(ChonkCircuit.Stack[0].Circuit, ReadOnlyMemory<byte>.Empty, CallLimits.None);
        Assert.Equal(ProverError.Aborted, ChonkRun.Record(() => ChonkRun.Accumulate(session, ChonkCircuit.Stack[0])));
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(0)]
    [InlineData(3)]
    public void Fewer_than_four_circuits_are_refused_before_anything_is_made(int circuits)
    {
        long opened = provers.Prover.Statistics.InstancesOpened;
        Assert.Equal(ProverError.InvalidInput, ChonkRun.Record(() => provers.Prover.StartChonk(circuits, CallLimits.None)));
        Assert.Equal(opened, provers.Prover.Statistics.InstancesOpened);
    }

    // tests/chonk/proof.msgpack is the value of "proof" in native bb's reply.
    private static ChonkProof NativeProof()
    {
        ChonkProve command = new();
        byte[] name = Encoding.ASCII.GetBytes(((ICommand)command).ReplyName);
        byte[] proof = File.ReadAllBytes(Path.Combine(ChonkCircuit.Folder, "proof.msgpack"));
        return ChonkReplies.ReadProof([0x92, (byte)(0xa0 + name.Length), .. name, 0x81, 0xa5, .. "proof"u8, .. proof], command);
    }

    private static bool VerifiesWithBb(NativeBb bb, ChonkProof proof, ReadOnlyMemory<byte> key) =>
        bb.VerifiesChonk(Places.Scratch(nameof(ChonkTests)), proof, key.Span);

    private bool VerifiesHere(ChonkProof proof, ReadOnlyMemory<byte> key)
    {
        try
        {
            return provers.Prover.VerifyChonk(proof, key, CallLimits.None);
        }
        catch (ProverException)
        {
            return false;
        }
    }
}
