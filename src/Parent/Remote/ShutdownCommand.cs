using System.CommandLine;
using Init.Client;
using Init.Wire;

namespace Init.Parent.Remote;

/// <summary><c>enclave shutdown</c>: lets an enclave finish what it does, and end.</summary>
internal static class ShutdownCommand
{
    public static Command Create()
    {
        Command command = new("shutdown", "Lets an enclave finish what it is doing, and end.");
        EnclaveArguments enclave = new();
        enclave.AddTo(command);
        command.SetAction((parsed, cancellation) => Output.RunAsync(async () =>
        {
            using EnclaveClient client = enclave.Open(parsed);
            ShutdownReply reply = await client.ShutDownAsync(cancellation);
            Output.Line("draining", $"{reply.Draining} requests in flight");
            return Output.Success;
        }));
        return command;
    }
}
