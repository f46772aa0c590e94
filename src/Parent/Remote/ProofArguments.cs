using System.CommandLine;
using Init.Parent.Manual;
using Init.Wire;

namespace Init.Parent.Remote;

/// <summary>The options that say what kind of proof, and how long the enclave may take.</summary>
internal sealed class ProofArguments
{
    private readonly Choice<TranscriptHash> _hash = new("--oracle-hash", TranscriptHash.Poseidon2) { Description = "Hash of the transcript." };
    private readonly Option<bool> _noZk = new("--disable-zk") { Description = "Proofs that do not hide the witness." };
    private readonly Option<uint> _deadline = new("--deadline-ms")
    {
        Description = "Milliseconds after which the enclave gives up; its default unless given.",
        HelpName = Value.Milliseconds,
    };

    public void AddTo(Command command, bool withDeadline = true)
    {
        command.Options.Add(_hash);
        command.Options.Add(_noZk);
        if (withDeadline)
        {
            command.Options.Add(_deadline);
        }
    }

    public ProveSettings Settings(ParseResult parsed) => new() { OracleHash = _hash.Of(parsed), ZeroKnowledge = !parsed.GetValue(_noZk) };

    /// <summary>0 for the enclave's default.</summary>
    public uint DeadlineMs(ParseResult parsed) => parsed.GetValue(_deadline);
}
