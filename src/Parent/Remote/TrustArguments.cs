using System.CommandLine;
using Init.Client;

namespace Init.Parent.Remote;

/// <summary>Whether an enclave may be sent a witness and its answers be believed: every command that does either asks here.</summary>
/// <remarks>There is no sealed channel yet, so the only answer is that the user says so.</remarks>
internal sealed class TrustArguments
{
    private readonly Option<bool> _insecure = new("--insecure")
    {
        Description = "Talk to an enclave that nobody has attested: whoever is on the path reads the witness, and may answer in its place.",
    };

    /// <summary>What the trust rests on, for programs.</summary>
    public const string Basis = "None";

    /// <param name="command">The command.</param>
    /// <param name="isNeeded">Whether its arguments make it send or believe anything; null: they always do.</param>
    public void AddTo(Command command, Func<System.CommandLine.Parsing.CommandResult, bool>? isNeeded = null)
    {
        command.Options.Add(_insecure);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(_insecure) && isNeeded?.Invoke(result) != false)
            {
                result.AddError("nobody has attested this enclave: --insecure talks to it all the same");
            }
        });
    }

    /// <summary>Warns of what the user has chosen.</summary>
    public void Warn(ParseResult parsed)
    {
        if (parsed.GetValue(_insecure))
        {
            Output.Warn("--insecure: nobody has attested; the parent instance can read this, the witness too, and answer in the enclave's place");
        }
    }

    /// <summary>A client that witnesses may go to.</summary>
    public Task<EnclaveClient> OpenAsync(ParseResult parsed, EnclaveArguments enclave, CancellationToken interrupted)
    {
        Warn(parsed);
        return enclave.OpenAsync(parsed, interrupted);
    }
}
