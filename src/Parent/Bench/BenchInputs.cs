using System.CommandLine;
using System.CommandLine.Parsing;
using Init.Parent.Manual;
using Init.Parent.Remote;

namespace Init.Parent.Bench;

/// <summary>The files that vk, prove and verify carry.</summary>
internal sealed class BenchInputs
{
    private readonly Option<string?> _bytecode = new("--bytecode", "-b") { Description = "For vk and prove: Noir's prog.json.", HelpName = Value.File };
    private readonly Option<string?> _witness = new("--witness", "-w") { Description = "For prove: Noir's witness.gz.", HelpName = Value.File };
    private readonly Option<string?> _key = new("--key", "-k") { Description = "For verify, and prove where it is known: the file vk.", HelpName = Value.File };
    private readonly Option<string?> _proof = new("--proof", "-p") { Description = "For verify: the file proof.", HelpName = Value.File };
    private readonly Option<string?> _publicInputs = new("--public-inputs", "-i") { Description = "For verify: the file public_inputs.", HelpName = Value.File };
    private readonly ProofArguments _settings = new();

    /// <summary>Whether a mix sends a witness, or believes an answer about a proof.</summary>
    public static bool NeedsTrust(Mix mix) => mix.Has(Workload.Vk, Workload.Prove, Workload.Verify);

    public void AddTo(Command command, Func<CommandResult, Mix> mixOf)
    {
        foreach (Option option in (Option[])[_bytecode, _witness, _key, _proof, _publicInputs])
        {
            command.Options.Add(option);
        }

        _settings.AddTo(command, withDeadline: false);
        command.Validators.Add(result =>
        {
            Mix mix = mixOf(result);
            Need(result, _bytecode, mix.Has(Workload.Vk, Workload.Prove));
            Need(result, _witness, mix.Has(Workload.Prove));
            foreach (Option<string?> option in (Option<string?>[])[_key, _proof, _publicInputs])
            {
                Need(result, option, mix.Has(Workload.Verify));
            }
        });
    }

    public async Task<Requests> ReadAsync(ParseResult parsed, CancellationToken interrupted)
    {
        return new Requests
        {
            Bytecode = parsed.GetValue(_bytecode) is { } bytecode ? await Task.Run(() => Files.ReadBytecode(bytecode), interrupted) : default,
            Witness = await FileOf(_witness),
            Key = await FileOf(_key),
            Proof = await FileOf(_proof),
            PublicInputs = await FileOf(_publicInputs),
            Settings = _settings.Settings(parsed),
        };

        Task<ReadOnlyMemory<byte>> FileOf(Option<string?> option) =>
            Task.Run(() => (ReadOnlyMemory<byte>)(parsed.GetValue(option) is { } path ? File.ReadAllBytes(path) : null), interrupted);
    }

    private static void Need(CommandResult result, Option<string?> option, bool isNeeded)
    {
        if (isNeeded && result.GetValue(option) is null)
        {
            result.AddError($"this mix needs {option.Name}");
        }
    }
}
