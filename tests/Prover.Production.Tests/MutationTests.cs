using Init.Prover.Barretenberg;
using Init.Prover.MessagePack;
using Init.Prover.Native;
using Init.Testing;
using Xunit.Abstractions;

namespace Init.Prover.Production.Tests;

/// <summary>Hostile requests: each gives a typed error or a correct answer, and the process stays what it was.</summary>
[Collection(CeremonyGroup.Name)]
public sealed class MutationTests(CeremonyProver ceremony, ITestOutputHelper output)
{
    private const int Requests = 10_000;

    // A changed circuit can ask for more memory or time than the test has.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    [VectorsFact]
    public void Ten_thousand_mutated_requests_do_no_harm()
    {
        byte[] bytecode = GzipBytes.Decompress(File.ReadAllBytes(Path.Combine(ceremony.Tiny.Folder, "bytecode.gz")));
        byte[] witness = GzipBytes.Decompress(ceremony.Tiny.Witness);
        Proof good = GoodProof();
        Random random = new(20261120);
        Dictionary<string, int> outcomes = [];
        Footprint? before = null;
        for (int i = 0; i < Requests; i++)
        {
            string outcome = OutcomeOf(() => Request(i, random, bytecode, witness, good));
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            if (i % 1000 == 999)
            {
                good = GoodProof();
                before ??= Footprint.Now(); // after the first thousand: pools and arenas are warm
            }
        }

        Footprint after = Footprint.Now();
        output.WriteLine($"before {before}, after {after}");
        output.WriteLine(string.Join(", ", outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Key} {o.Value}")));
        Assert.InRange(after.Threads, 0, before!.Threads + 2);
        Assert.InRange(after.Descriptors, 0, before.Descriptors);
        Assert.InRange(after.Mappings, 0, before.Mappings + 20);
        Assert.InRange(after.ResidentKiB, 0, before.ResidentKiB + (16 << 10));
        Assert.Equal(0, ceremony.Prover.Statistics.InstancesLive);
        Assert.Equal(0, ceremony.Prover.Statistics.ThreadsLive);
        Assert.True(outcomes.Keys.Count(k => k != "correct") >= 3, "the mutations reach too little");
    }

    // Alternates between the inputs; every wrong acceptance throws InvalidOperationException, which nothing catches.
    private void Request(int number, Random random, byte[] bytecode, byte[] witness, Proof good)
    {
        CallLimits limits = CallLimits.Within(Deadline);
        switch (number % 10)
        {
            case 0 or 1:
                VerifyChanged(good with { Bytes = Mutations.Apply(random, good.Bytes.Span) }, good, limits);
                break;
            case 2:
                VerifyChanged(good with { Bytes = WithPointOffTheCurve(random, good.Bytes) }, good, limits);
                break;
            case 3:
                VerifyChanged(good with { PublicInputs = Mutations.Apply(random, good.PublicInputs.Span) }, good, limits);
                break;
            case 4:
                byte[] key = Mutations.Apply(random, good.Key.Bytes.Span);
                VerifyChanged(good with { Key = new VerificationKey(key, default) }, good, limits);
                break;
            case 5 or 6:
                ceremony.Prover.ComputeVerificationKey(new Circuit(GzipBytes.Compress(Mutations.Apply(random, bytecode))), ProofSettings.Default, limits);
                break;
            case 7:
                // Verified before it is handed out, so a proof that comes back is right.
                ceremony.Prover.Prove(ceremony.Tiny.Circuit, GzipBytes.Compress(Mutations.Apply(random, witness)), ProveOptions.Default, limits);
                break;
            case 8:
                ceremony.Prover.Measure(new Circuit(Mutations.Apply(random, GzipBytes.Compress(bytecode))), ProofSettings.Default, limits);
                break;
            default:
                CallRaw(Mutations.Apply(random, Encode(new CircuitVerify(good.Key.Bytes, good.PublicInputs, good.Bytes, ProofSettings.Default))), limits);
                break;
        }
    }

    private void VerifyChanged(Proof changed, Proof good, CallLimits limits)
    {
        bool same = changed.Bytes.Span.SequenceEqual(good.Bytes.Span)
            && changed.PublicInputs.Span.SequenceEqual(good.PublicInputs.Span)
            && changed.Key.Bytes.Span.SequenceEqual(good.Key.Bytes.Span);
        if (ceremony.Prover.Verify(changed.Key.Bytes, changed.Bytes, changed.PublicInputs, ProofSettings.Default, limits) != same)
        {
            throw new InvalidOperationException("a wrong verdict");
        }
    }

    // Not a field of this test's: whatever the bytes ask for, the answer is a reply or a typed error.
    private void CallRaw(byte[] request, CallLimits limits)
    {
        using SandboxInstance instance = ceremony.Prover.OpenInstance();
        byte[] reply = instance.Call(request.Length, span => request.CopyTo(span), limits);
        _ = new MessagePackReader(reply);
    }

    private static string OutcomeOf(Action request)
    {
        try
        {
            request();
            return "correct";
        }
        catch (ProverException exception)
        {
            return exception.Error.ToString();
        }
    }

    private Proof GoodProof()
    {
        Proof proof = ceremony.Prover.Prove(ceremony.Tiny.Circuit, ceremony.Tiny.Witness, ProveOptions.Default, CallLimits.None);
        Assert.True(ceremony.Prover.Verify(proof.Key.Bytes, proof.Bytes, proof.PublicInputs, ProofSettings.Default, CallLimits.None));
        return proof;
    }

    // The proof opens with the pairing accumulator (8 elements); from there commitments of four elements each: low and
    // high limb of x, then of y. Adding one to y's low limb leaves the curve.
    private static byte[] WithPointOffTheCurve(Random random, ReadOnlyMemory<byte> proof)
    {
        byte[] changed = proof.ToArray();
        int commitment = 8 + (4 * random.Next(8));
        changed[((commitment + 3) * 32) - 1] ^= (byte)random.Next(1, 256);
        return changed;
    }

    private static byte[] Encode(ICommand command)
    {
        byte[] request = new byte[BarretenbergProver.MeasureRequest(command)];
        BarretenbergProver.WriteRequest(request, command);
        return request;
    }
}
