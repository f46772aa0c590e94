using System.CommandLine;
using Init.Parent.Manual;
using Init.Prover;
using Init.Prover.Barretenberg;

namespace Init.Parent.Local;

/// <summary><c>enclave local gates</c>: what <c>bb gates</c> does, and the memory that a proof will take.</summary>
internal static class GatesCommand
{
    public static Command Create()
    {
        ToolCommand command = new("gates", "Counts a circuit's gates and estimates the memory that proving it takes.")
        {
            Examples =
            [
                new("enclave local gates -b target/app.json --crs ~/.bb-crs", "gates, ACIR opcodes and memory"),
                new("enclave local gates -b target/app.json --crs ~/.bb-crs --json", "the same for a program"),
            ],
        };
        Option<string> bytecode = CircuitFiles.Bytecode();
        ProverArguments arguments = new();
        JsonOption json = new();
        command.Options.Add(bytecode);
        arguments.AddTo(command);
        command.Options.Add(json);
        command.SetAction(Output.Blocking(parsed =>
        {
            using BarretenbergProver prover = arguments.CreateProver(parsed);
            CircuitStatistics size = prover.Measure(
                Files.ReadCircuit(parsed.GetRequiredValue(bytecode)), arguments.Settings(parsed), arguments.Limits(parsed));
            Report(size, prover.Statistics.SnapshotBytes + MemoryEstimate.ForProof(size), parsed.GetValue(json));
            return Output.Success;
        }));
        return command;
    }

    private static void Report(CircuitStatistics size, long memoryBytes, bool asJson)
    {
        if (asJson)
        {
            Console.Out.Write(JsonText.Object(writer =>
            {
                writer.WriteNumber("Gates", size.Gates);
                writer.WriteNumber("DyadicGates", size.DyadicGates);
                writer.WriteNumber("AcirOpcodes", size.AcirOpcodes);
                writer.WriteNumber("MaxMemoryBytes", memoryBytes);
            }));
            return;
        }

        Output.Line("gates", $"{size.Gates}");
        Output.Line("dyadic gates", $"{size.DyadicGates}");
        Output.Line("ACIR opcodes", $"{size.AcirOpcodes}");
        Output.Line("memory, at most", Output.MiB(memoryBytes));
    }
}
