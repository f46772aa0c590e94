using System.Globalization;
using Init.Testing;

namespace Init.Prover.Production.Tests;

/// <summary>The smallest real thing: 1,025 points of the ceremony, one circuit, the unmodified native bb as the judge.</summary>
[Collection(CeremonyGroup.Name)]
public sealed class TinyTests(CeremonyProver ceremony)
{
    [VectorsFact]
    public void A_proof_of_tiny_is_accepted_by_the_unmodified_bb()
    {
        Proof proof = ceremony.Prover.Prove(ceremony.Tiny.Circuit, ceremony.Tiny.Witness, ProveOptions.Default, CallLimits.None);
        Assert.True(ceremony.Bb.Verifies(Places.Scratch(nameof(TinyTests)), proof, ProofSettings.Default));
        Assert.Equal(9, proof.PublicInputs.Span[^1]);
    }

    [VectorsTheory]
    [InlineData("proof")]
    [InlineData("public_inputs")]
    [InlineData("vk")]
    public void A_flipped_bit_is_refused_by_us_and_by_bb(string file)
    {
        string scratch = Places.Scratch(nameof(TinyTests));
        Proof proof = ceremony.Prover.Prove(ceremony.Tiny.Circuit, ceremony.Tiny.Witness, ProveOptions.Default, CallLimits.None);
        Random random = new(20261120);
        for (int round = 0; round < 60; round++)
        {
            byte[][] files = [proof.Key.Bytes.ToArray(), proof.Bytes.ToArray(), proof.PublicInputs.ToArray()];
            byte[] victim = files[file switch { "vk" => 0, "proof" => 1, _ => 2 }];
            int bit = random.Next(victim.Length * 8);
            victim[bit / 8] ^= (byte)(1 << (bit % 8));
            string where = string.Create(CultureInfo.InvariantCulture, $"bit {bit} of {file}");
            Assert.False(VerifiesHere(files), where);
            if (round < 6 && !(file == "vk" && IsIgnoredByBb(bit)))
            {
                Assert.False(ceremony.Bb.Verifies(scratch, files[0], files[1], files[2], ProofSettings.Default), where);
            }
        }
    }

    [VectorsTheory]
    [InlineData(0)]
    [InlineData(23)]
    [InlineData(50)]
    [InlineData(86)]
    public void A_key_that_bb_would_read_as_another_is_refused(int index)
    {
        Proof proof = ceremony.Prover.Prove(ceremony.Tiny.Circuit, ceremony.Tiny.Witness, ProveOptions.Default, CallLimits.None);
        byte[] key = proof.Key.Bytes.ToArray();
        key[index] = 1;
        ProverException refused = Assert.Throws<ProverException>(
            () => ceremony.Prover.Verify(key, proof.Bytes, proof.PublicInputs, ProofSettings.Default, CallLimits.None));
        Assert.Equal(ProverError.InvalidInput, refused.Error);
    }

    [VectorsFact]
    public void Two_proofs_of_one_witness_differ()
    {
        // Randomness inside the snapshot would make them equal, and the blinding worthless.
        Proof Prove() => ceremony.Prover.Prove(ceremony.Tiny.Circuit, ceremony.Tiny.Witness, ProveOptions.Default, CallLimits.None);
        Assert.False(Prove().Bytes.Span.SequenceEqual(Prove().Bytes.Span));
    }

    [VectorsFact]
    public void A_known_key_gives_the_same_kind_of_proof()
    {
        VerificationKey key = ceremony.Prover.ComputeVerificationKey(ceremony.Tiny.Circuit, ProofSettings.Default, CallLimits.None);
        Assert.Equal(32, key.Hash.Length);
        Proof proof = ceremony.Prover.Prove(
            ceremony.Tiny.Circuit, ceremony.Tiny.Witness, new ProveOptions { VerificationKey = key.Bytes }, CallLimits.None);
        Assert.True(ceremony.Bb.Verifies(Places.Scratch(nameof(TinyTests)), proof, ProofSettings.Default));
    }

    [VectorsFact]
    public void A_proof_under_a_key_of_another_circuit_is_withheld()
    {
        byte[] wrong = ceremony.Prover
            .ComputeVerificationKey(ceremony.Tiny.Circuit, new ProofSettings { OracleHash = OracleHash.Keccak }, CallLimits.None)
            .Bytes.ToArray();
        wrong[200] ^= 1;
        ProverException refused = Assert.Throws<ProverException>(() => ceremony.Prover.Prove(
            ceremony.Tiny.Circuit, ceremony.Tiny.Witness, new ProveOptions { VerificationKey = wrong }, CallLimits.None));
        Assert.Contains(refused.Error, new[] { ProverError.VerificationFailed, ProverError.Aborted });
    }

    [VectorsFact]
    public void The_size_of_tiny_is_what_noir_says()
    {
        CircuitStatistics size = ceremony.Prover.Measure(ceremony.Tiny.Circuit, ProofSettings.Default, CallLimits.None);
        Assert.Equal(new CircuitStatistics(19, 32, 1), size);
    }

    [VectorsFact]
    public void A_circuit_larger_than_the_crs_is_refused()
    {
        TestCircuit small = TestCircuit.Named("small");
        ProverException refused = Assert.Throws<ProverException>(
            () => ceremony.Prover.Prove(small.Circuit, small.Witness, ProveOptions.Default, CallLimits.None));
        Assert.Equal(ProverError.Aborted, refused.Error);
        Assert.Contains("1025", refused.Message, StringComparison.Ordinal);
    }

    // bb reads the first three elements of a key as integers and ignores their upper 24 bytes; we refuse such keys.
    private static bool IsIgnoredByBb(int bit) => bit / 8 < 3 * 32 && bit / 8 % 32 < 24;

    private bool VerifiesHere(byte[][] files)
    {
        try
        {
            return ceremony.Prover.Verify(files[0], files[1], files[2], ProofSettings.Default, CallLimits.None);
        }
        catch (ProverException)
        {
            return false;
        }
    }
}
