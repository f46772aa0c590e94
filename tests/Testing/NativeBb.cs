using System.Diagnostics;
using Init.Prover;

namespace Init.Testing;

/// <summary>Native <c>bb</c> as a program: the oracle. The unmodified one from npm, or the copy that trusts the dev SRS.</summary>
public sealed class NativeBb(string executable, string crsFolder)
{
    /// <summary>The unmodified one, with the ceremony's points of the vectors.</summary>
    public static NativeBb Unmodified() => new(Places.NativeBb, Places.CeremonyCrs);

    /// <summary>The patched copy, with the development SRS.</summary>
    public static NativeBb WithDevSrs() => new(Places.DevSrsBb, Places.DevSrs);

    /// <summary>Runs bb; returns its exit code and what it said.</summary>
    public (int ExitCode, string Output) Run(params string[] arguments)
    {
        ProcessStartInfo start = new(executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CRS_PATH"] = crsFolder;
        start.Environment["HARDWARE_CONCURRENCY"] = "2";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"start {executable}");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    /// <summary>Whether <c>bb verify</c> accepts.</summary>
    public bool Verifies(string scratch, ReadOnlySpan<byte> key, ReadOnlySpan<byte> proof, ReadOnlySpan<byte> publicInputs, ProofSettings settings)
    {
        string[] paths = [Path.Combine(scratch, "vk"), Path.Combine(scratch, "proof"), Path.Combine(scratch, "public_inputs")];
        File.WriteAllBytes(paths[0], key);
        File.WriteAllBytes(paths[1], proof);
        File.WriteAllBytes(paths[2], publicInputs);
        return Run("verify", "-k", paths[0], "-p", paths[1], "-i", paths[2], "-t", Target(settings)).ExitCode == 0;
    }

    /// <summary>Whether <c>bb verify</c> accepts.</summary>
    public bool Verifies(string scratch, Proof proof, ProofSettings settings) =>
        Verifies(scratch, proof.Key.Bytes.Span, proof.Bytes.Span, proof.PublicInputs.Span, settings);

    /// <summary>Whether <c>bb verify --scheme chonk</c> accepts. Its proof file is the five transcripts, one after the other.</summary>
    public bool VerifiesChonk(string scratch, ChonkProof proof, ReadOnlySpan<byte> key)
    {
        ReadOnlyMemory<byte>[] transcripts =
            [proof.HidingOinkProof, proof.MergeProof, proof.EccvmProof, proof.IpaProof, proof.JointProof];
        string proofPath = Path.Combine(scratch, "proof"), keyPath = Path.Combine(scratch, "vk");
        File.WriteAllBytes(proofPath, [.. transcripts.SelectMany(transcript => transcript.ToArray())]);
        File.WriteAllBytes(keyPath, key);
        return Run("verify", "--scheme", "chonk", "-p", proofPath, "-k", keyPath).ExitCode == 0;
    }

    /// <summary>What <c>bb write_vk</c> writes.</summary>
    public byte[] Key(string scratch, TestCircuit circuit, ProofSettings settings)
    {
        Require(Run("write_vk", "-b", circuit.Program, "-o", scratch, "-t", Target(settings)));
        return File.ReadAllBytes(Path.Combine(scratch, "vk"));
    }

    /// <summary>What <c>bb prove --write_vk</c> writes.</summary>
    public Proof Prove(string scratch, TestCircuit circuit, ProofSettings settings)
    {
        Require(Run("prove", "-b", circuit.Program, "-w", circuit.WitnessPath, "-o", scratch, "-t", Target(settings), "--write_vk"));
        byte[] Read(string name) => File.ReadAllBytes(Path.Combine(scratch, name));
        return new Proof(Read("proof"), Read("public_inputs"), new VerificationKey(Read("vk"), Read("vk_hash")));
    }

    /// <summary>bb's name for the settings.</summary>
    public static string Target(ProofSettings settings)
    {
        string name = settings.OracleHash switch
        {
            OracleHash.Keccak => "evm",
            OracleHash.Starknet => "starknet",
            _ => "noir-recursive",
        };
        return settings.ZeroKnowledge ? name : name + "-no-zk";
    }

    private static void Require((int ExitCode, string Output) run)
    {
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"bb ended with {run.ExitCode}: {run.Output}");
        }
    }
}
