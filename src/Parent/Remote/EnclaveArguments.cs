using System.CommandLine;
using Init.Client;

namespace Init.Parent.Remote;

/// <summary>The option that every command has which talks to an enclave, and the client made from it.</summary>
internal sealed class EnclaveArguments
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly Option<string> _address = new("--address", "-a")
    {
        Description = "vsock:CID:PORT, simulator:PATH[:PORT] or unix:PATH.",
        Required = true,
    };

    public void AddTo(Command command) => command.Options.Add(_address);

    public EnclaveClient Open(ParseResult parsed) =>
        EnclaveClient.Open(EnclaveAddress.Parse(parsed.GetRequiredValue(_address)), ConnectTimeout);
}
