using System.CommandLine;
using Init.Client;
using Init.Parent.Manual;

namespace Init.Parent.Remote;

/// <summary>The option that every command has which talks to an enclave, and the client made from it.</summary>
internal sealed class EnclaveArguments
{
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly Option<EnclaveAddress> _address = new("--address", "-a")
    {
        Description = "Where the enclave listens: vsock:CID:PORT, simulator:PATH[:PORT] or unix:PATH.",
        HelpName = Value.Address,
        Required = true,
        CustomParser = argument =>
        {
            try
            {
                return EnclaveAddress.Parse(argument.Tokens[0].Value);
            }
            catch (ClientException exception)
            {
                argument.AddError(exception.Message);
                return null;
            }
        },
    };

    public void AddTo(Command command) => command.Options.Add(_address);

    public EnclaveAddress AddressOf(ParseResult parsed) => parsed.GetRequiredValue(_address);

    /// <summary>Connects; interrupted, it is not waited for any longer.</summary>
    public async Task<EnclaveClient> OpenAsync(ParseResult parsed, CancellationToken interrupted, EnclaveClientOptions? options = null) =>
        await Task.Run(() => EnclaveClient.Open(AddressOf(parsed), ConnectTimeout, options), interrupted).WaitAsync(interrupted);
}
