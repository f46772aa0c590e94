using System.CommandLine;
using Init.Parent.Manual;
using Init.Prover;
using Init.Prover.Barretenberg;
using Init.Prover.Crs;

namespace Init.Parent.Local;

/// <summary>The options that every local command has, and the prover made from them.</summary>
internal sealed class ProverArguments
{
    private readonly Option<string> _crs = new("--crs") { Description = "Folder with bn254_g1.dat and bn254_g2.dat.", HelpName = Value.Folder, Required = true };

    private readonly Option<int?> _threads = new("--threads")
    {
        Description = "Threads of the prover; one a processor unless given.",
        HelpName = Value.Number,
    };

    private readonly Option<int> _memoryMiB = new("--memory-limit-mib")
    {
        Description = "Linear memory that one request may use, in MiB.",
        HelpName = Value.Number,
        DefaultValueFactory = _ => 4096,
    };

    private readonly Option<double?> _deadline = new("--deadline")
    {
        Description = "Seconds after which the command gives up.",
        HelpName = Value.Seconds,
    };

    private readonly Choice<OracleHash> _oracleHash = new("--oracle-hash", OracleHash.Poseidon2) { Description = "Hash of the transcript." };

    private readonly Option<bool> _noZk = new("--disable-zk") { Description = "Proofs that do not hide the witness." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_crs, _threads, _memoryMiB, _deadline, _oracleHash, _noZk])
        {
            command.Options.Add(option);
        }
    }

    public BarretenbergProver CreateProver(ParseResult parsed)
    {
        ReferenceString crs = CrsFolder.Load(parsed.GetRequiredValue(_crs), new CrsOptions());
        ProverOptions options = new()
        {
            Threads = parsed.GetValue(_threads) ?? Environment.ProcessorCount,
            MemoryLimitBytes = (long)parsed.GetValue(_memoryMiB) << 20,
        };
        BarretenbergProver prover = BarretenbergProver.Create(options, crs);
        Output.WarnOfInsecureSrs(prover);
        return prover;
    }

    public ProofSettings Settings(ParseResult parsed) => new()
    {
        OracleHash = _oracleHash.Of(parsed),
        ZeroKnowledge = !parsed.GetValue(_noZk),
    };

    public CallLimits Limits(ParseResult parsed) =>
        parsed.GetValue(_deadline) is { } seconds ? CallLimits.Within(TimeSpan.FromSeconds(seconds)) : CallLimits.None;
}
