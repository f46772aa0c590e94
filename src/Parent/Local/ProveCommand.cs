using System.CommandLine;
using System.Diagnostics;
using Init.Parent.Manual;
using Init.Prover;
using Init.Prover.Barretenberg;

namespace Init.Parent.Local;

/// <summary><c>enclave local prove</c>: writes the files that <c>bb prove</c> writes.</summary>
internal static class ProveCommand
{
    public static Command Create()
    {
        ToolCommand command = new("prove", "Proves a Noir circuit; writes proof, public_inputs, vk and vk_hash.")
        {
            Examples =
            [
                new("enclave local prove -b target/app.json -w target/app.gz -o target/proof --crs ~/.bb-crs", "proves a Noir project's circuit on this machine"),
                new("enclave local prove -b app.json -w app.gz -o proof --crs ~/.bb-crs -k target/vk --threads 4", "with its key, which saves computing it, on four threads"),
            ],
        };
        Option<string> bytecode = CircuitFiles.Bytecode();
        Option<string> witness = CircuitFiles.Witness();
        Option<string> output = CircuitFiles.Folder();
        Option<string?> key = new("--key", "-k") { Description = "The circuit's vk, when it is known.", HelpName = Value.File };
        Option<bool> skip = new("--skip-verification") { Description = "Hand the proof out without verifying it first." };
        ProverArguments arguments = new();
        JsonOption json = new();
        foreach (Option option in (Option[])[bytecode, witness, output, key, skip])
        {
            command.Options.Add(option);
        }

        arguments.AddTo(command);
        command.Options.Add(json);
        command.SetAction(Output.Blocking(parsed =>
        {
            using BarretenbergProver prover = arguments.CreateProver(parsed);
            Circuit circuit = Files.ReadCircuit(parsed.GetRequiredValue(bytecode));
            ProveOptions options = new()
            {
                Settings = arguments.Settings(parsed),
                VerificationKey = parsed.GetValue(key) is { } path ? File.ReadAllBytes(path) : default,
                SkipVerification = parsed.GetValue(skip),
            };
            return Prove(prover, circuit, parsed.GetRequiredValue(witness), options, arguments.Limits(parsed), parsed.GetRequiredValue(output), parsed.GetValue(json));
        }));
        return command;
    }

    private static int Prove(
        BarretenbergProver prover, Circuit circuit, string witnessPath, ProveOptions options, CallLimits limits, string folder, bool asJson)
    {
        CircuitStatistics size = prover.Measure(circuit, options.Settings, limits);
        byte[] witness = File.ReadAllBytes(witnessPath);
        long start = Stopwatch.GetTimestamp();
        Proof proof = prover.Prove(circuit, witness, options, limits);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Array.Clear(witness);

        ProofFiles.WriteProof(folder, proof.Bytes, proof.PublicInputs, proof.Key);
        if (asJson)
        {
            Console.Out.Write(JsonText.Object(writer =>
            {
                writer.WriteString("Circuit", circuit.Name);
                writer.WriteNumber("Gates", size.Gates);
                writer.WriteNumber("DyadicGates", size.DyadicGates);
                writer.WriteNumber("AcirOpcodes", size.AcirOpcodes);
                writer.WriteNumber("ProveMs", (long)took.TotalMilliseconds);
                writer.WriteBoolean("IsVerified", !options.SkipVerification);
                writer.WriteNumber("PeakMemoryBytes", prover.Statistics.PeakMemoryBytes);
                writer.WriteString("SrsKind", prover.Statistics.SrsKind);
                ProofFiles.WriteJson(writer, folder, withProof: true, proof.Key);
            }));
            return Output.Success;
        }

        Output.Line("circuit", circuit.Name);
        Output.Line("gates", $"{size.Gates} (of {size.DyadicGates}), {size.AcirOpcodes} ACIR opcodes");
        Output.Line(options.SkipVerification ? "proved" : "proved, verified", Output.Milliseconds(took));
        Output.Line("peak memory", $"{Output.MiB(prover.Statistics.PeakMemoryBytes)} in the sandbox{Files.ProcessPeak()}");
        Output.Line("SRS", prover.Statistics.SrsKind);
        Output.Line("written", ProofFiles.Summary(folder, withProof: true, proof.Key));
        return Output.Success;
    }
}
