using System.CommandLine;
using System.Diagnostics;
using Init.Prover;
using Init.Prover.Barretenberg;

namespace Init.Parent.Local;

/// <summary><c>enclave local prove</c>: writes the files that <c>bb prove</c> writes.</summary>
internal static class ProveCommand
{
    public static Command Create()
    {
        Command command = new("prove", "Proves a Noir circuit; writes proof, public_inputs, vk and vk_hash.");
        Option<string> bytecode = new("--bytecode", "-b") { Description = "Noir's prog.json, or its gzipped bytecode.", Required = true };
        Option<string> witness = new("--witness", "-w") { Description = "Noir's witness.gz.", Required = true };
        Option<string> output = new("--output", "-o") { Description = "Folder for the files.", Required = true };
        Option<string?> key = new("--key", "-k") { Description = "The circuit's vk, when it is known." };
        Option<bool> skip = new("--skip-verification") { Description = "Hand the proof out without verifying it first." };
        ProverArguments arguments = new();
        foreach (Option option in (Option[])[bytecode, witness, output, key, skip])
        {
            command.Options.Add(option);
        }

        arguments.AddTo(command);
        command.SetAction(parsed => Output.Run(() =>
        {
            using BarretenbergProver prover = arguments.CreateProver(parsed);
            Circuit circuit = Files.ReadCircuit(parsed.GetRequiredValue(bytecode));
            ProveOptions options = new()
            {
                Settings = arguments.Settings(parsed),
                VerificationKey = parsed.GetValue(key) is { } path ? File.ReadAllBytes(path) : default,
                SkipVerification = parsed.GetValue(skip),
            };
            return Prove(prover, circuit, parsed.GetRequiredValue(witness), options, arguments.Limits(parsed), parsed.GetRequiredValue(output));
        }));
        return command;
    }

    private static int Prove(
        BarretenbergProver prover, Circuit circuit, string witnessPath, ProveOptions options, CallLimits limits, string folder)
    {
        CircuitStatistics size = prover.Measure(circuit, options.Settings, limits);
        byte[] witness = File.ReadAllBytes(witnessPath);
        long start = Stopwatch.GetTimestamp();
        Proof proof = prover.Prove(circuit, witness, options, limits);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Array.Clear(witness);

        Files.Write(folder, "proof", proof.Bytes);
        Files.Write(folder, "public_inputs", proof.PublicInputs);
        Files.WriteKey(folder, proof.Key);
        Output.Line("circuit", circuit.Name);
        Output.Line("gates", $"{size.Gates} (of {size.DyadicGates}), {size.AcirOpcodes} ACIR opcodes");
        Output.Line(options.SkipVerification ? "proved" : "proved, verified", Output.Milliseconds(took));
        Output.Line("peak memory", $"{Output.MiB(prover.Statistics.PeakMemoryBytes)} in the sandbox{Files.ProcessPeak()}");
        Output.Line("SRS", prover.Statistics.SrsKind);
        Output.Line("written", $"{folder}/{{proof,public_inputs,vk{(proof.Key.Hash.IsEmpty ? "" : ",vk_hash")}}}");
        return Output.Success;
    }
}
