using System.CommandLine;
using Init.Prover;
using Init.Prover.Barretenberg;

namespace Init.Parent.Local;

/// <summary><c>enclave local gates</c>: what <c>bb gates</c> does, and the memory that a proof will take.</summary>
internal static class GatesCommand
{
    public static Command Create()
    {
        Command command = new("gates", "Counts a circuit's gates and estimates the memory that proving it takes.");
        Option<string> bytecode = new("--bytecode", "-b") { Description = "Noir's prog.json, or its gzipped bytecode.", Required = true };
        ProverArguments arguments = new();
        command.Options.Add(bytecode);
        arguments.AddTo(command);
        command.SetAction(parsed => Output.Run(() =>
        {
            using BarretenbergProver prover = arguments.CreateProver(parsed);
            CircuitStatistics size = prover.Measure(
                Files.ReadCircuit(parsed.GetRequiredValue(bytecode)), arguments.Settings(parsed), arguments.Limits(parsed));
            Output.Line("gates", $"{size.Gates}");
            Output.Line("dyadic gates", $"{size.DyadicGates}");
            Output.Line("ACIR opcodes", $"{size.AcirOpcodes}");
            Output.Line("memory, at most", Output.MiB(prover.Statistics.SnapshotBytes + MemoryEstimate.ForProof(size)));
            return Output.Success;
        }));
        return command;
    }
}
