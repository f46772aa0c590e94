using System.CommandLine;
using System.CommandLine.Parsing;
using Init.Attestation;
using Init.Client;
using Init.Parent.Trust;

namespace Init.Parent.Remote;

/// <summary>Whether an enclave may be sent a witness and its answers be believed: every command that does either asks here.</summary>
/// <remarks>Because it has attested, under a policy that names an image; or because the user says so.</remarks>
internal sealed class TrustArguments
{
    private readonly PolicyArguments _policy = new();
    private readonly Option<bool> _insecure = new("--insecure")
    {
        Description = "Talk to an enclave that nobody has attested: whoever is on the path reads the witness, and may answer in its place.",
    };

    /// <param name="command">The command.</param>
    /// <param name="isNeeded">Whether its arguments make it send or believe anything; null: they always do.</param>
    public void AddTo(Command command, Func<CommandResult, bool>? isNeeded = null)
    {
        _policy.AddTo(command);
        command.Options.Add(_insecure);
        command.Validators.Add(result =>
        {
            bool isInsecure = result.GetValue(_insecure);
            if (isInsecure && _policy.IsGiven(result))
            {
                result.AddError("--insecure asks nobody to attest: leave it out, or the policy");
            }
            else if (!isInsecure && !_policy.NamesImage(result) && isNeeded?.Invoke(result) != false)
            {
                result.AddError("which enclave? --pcrs FILE or --pcr0 HEX names its image; --insecure talks to whoever answers");
            }
        });
    }

    /// <summary>What trust in an enclave's answers rests on, for programs.</summary>
    public static string BasisOf(EnclaveClient client) => client.Attested?.Report.TrustName ?? "None";

    /// <summary>Warns of what the user has chosen.</summary>
    public void Warn(ParseResult parsed)
    {
        if (parsed.GetValue(_insecure))
        {
            Output.Warn("--insecure: nobody has attested; the parent instance can read this, the witness too, and answer in the enclave's place");
        }
    }

    /// <summary>A client that witnesses may go to; what it rests on is warned of, and said on standard error where that is not AWS's root.</summary>
    public async Task<EnclaveClient> OpenAsync(ParseResult parsed, EnclaveArguments enclave, CancellationToken interrupted)
    {
        Warn(parsed);
        EnclaveClient client = await ConnectAsync(parsed, enclave, interrupted);
        if (client.Attested is { } attested)
        {
            Verdict.Warn(attested.Report);
        }

        return client;
    }

    /// <summary>A client that witnesses may go to, one of many.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="enclave">Where it is.</param>
    /// <param name="interrupted">Gives up.</param>
    /// <param name="retryFor">How long calls are tried again; null: as the client does by itself.</param>
    public async Task<EnclaveClient> ConnectAsync(
        ParseResult parsed, EnclaveArguments enclave, CancellationToken interrupted, TimeSpan? retryFor = null)
    {
        EnclaveClientOptions options = new() { Insecure = parsed.GetValue(_insecure) };
        AttestationPolicy? policy = options.Insecure ? null : _policy.Read(parsed);
        EnclaveClient client = await enclave.OpenAsync(parsed, interrupted, options with { RetryFor = retryFor ?? options.RetryFor });
        try
        {
            if (policy is not null)
            {
                await client.AttestAsync(policy, interrupted);
            }

            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
