using Init.Testing;

namespace Init.Prover.Production.Tests;

/// <summary>Every transcript hash, with and without zero knowledge, both ways between us and the unmodified bb.</summary>
[Collection(CeremonyGroup.Name)]
public sealed class SettingsTests(CeremonyProver ceremony)
{
    public static TheoryData<OracleHash, bool> All { get; } = new()
    {
        { OracleHash.Poseidon2, true },
        { OracleHash.Poseidon2, false },
        { OracleHash.Keccak, true },
        { OracleHash.Keccak, false },
    };

    [VectorsTheory]
    [MemberData(nameof(All))]
    public void Keys_are_byte_identical(OracleHash hash, bool zeroKnowledge)
    {
        ProofSettings settings = new() { OracleHash = hash, ZeroKnowledge = zeroKnowledge };
        byte[] theirs = ceremony.Bb.Key(Places.Scratch(nameof(SettingsTests)), ceremony.Tiny, settings);
        Assert.Equal(theirs, ceremony.Prover.ComputeVerificationKey(ceremony.Tiny.Circuit, settings, CallLimits.None).Bytes.ToArray());
    }

    [VectorsTheory]
    [MemberData(nameof(All))]
    public void Proofs_verify_both_ways(OracleHash hash, bool zeroKnowledge)
    {
        ProofSettings settings = new() { OracleHash = hash, ZeroKnowledge = zeroKnowledge };
        string scratch = Places.Scratch(nameof(SettingsTests));
        Proof ours = ceremony.Prover.Prove(
            ceremony.Tiny.Circuit, ceremony.Tiny.Witness, new ProveOptions { Settings = settings }, CallLimits.None);
        Assert.True(ceremony.Bb.Verifies(scratch, ours, settings));
        Proof theirs = ceremony.Bb.Prove(scratch, ceremony.Tiny, settings);
        Assert.True(ceremony.Prover.Verify(theirs.Key.Bytes, theirs.Bytes, theirs.PublicInputs, settings, CallLimits.None));
        Assert.Equal(theirs.Key.Hash.ToArray(), ours.Key.Hash.ToArray());
        Assert.Equal(theirs.Bytes.Length, ours.Bytes.Length);
    }

    [VectorsTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Starknet_which_this_bb_does_not_offer_is_refused_by_both(bool zeroKnowledge)
    {
        ProofSettings settings = new() { OracleHash = OracleHash.Starknet, ZeroKnowledge = zeroKnowledge };
        ProverException refused = Assert.Throws<ProverException>(
            () => ceremony.Prover.ComputeVerificationKey(ceremony.Tiny.Circuit, settings, CallLimits.None));
        Assert.Contains(refused.Error, new[] { ProverError.Refused, ProverError.Aborted });
        string scratch = Places.Scratch(nameof(SettingsTests));
        Assert.NotEqual(0, ceremony.Bb.Run("write_vk", "-b", ceremony.Tiny.Program, "-o", scratch, "-t", NativeBb.Target(settings)).ExitCode);
    }

    [VectorsFact]
    public void A_proof_does_not_verify_under_other_settings()
    {
        Proof proof = ceremony.Prover.Prove(ceremony.Tiny.Circuit, ceremony.Tiny.Witness, ProveOptions.Default, CallLimits.None);
        ProofSettings other = new() { OracleHash = OracleHash.Keccak };
        bool verified = false;
        try
        {
            verified = ceremony.Prover.Verify(proof.Key.Bytes, proof.Bytes, proof.PublicInputs, other, CallLimits.None);
        }
        catch (ProverException)
        {
        }

        Assert.False(verified);
    }
}
