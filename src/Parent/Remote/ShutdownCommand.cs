using System.CommandLine;
using Init.Client;
using Init.Parent.Manual;
using Init.Wire;

namespace Init.Parent.Remote;

/// <summary><c>enclave shutdown</c>: lets an enclave finish what it does, and end.</summary>
internal static class ShutdownCommand
{
    public static Command Create()
    {
        ToolCommand command = new("shutdown", "Lets an enclave finish what it is doing, and end.")
        {
            Examples =
            [
                new("enclave shutdown --address vsock:16:5000", "ends the enclave with CID 16 on this parent instance"),
                new("enclave shutdown --address simulator:/tmp/vsock --json", "ends one that enclave run has booted, and says how much it still works on"),
            ],
        };
        EnclaveArguments enclave = new();
        JsonOption json = new();
        enclave.AddTo(command);
        command.Options.Add(json);
        command.SetAction(Output.Asking(async (parsed, interrupted) =>
        {
            using EnclaveClient client = await enclave.OpenAsync(parsed, interrupted);
            ShutdownReply reply = await client.ShutDownAsync(interrupted);
            if (parsed.GetValue(json))
            {
                Console.Out.Write(JsonText.Object(writer => writer.WriteNumber("Draining", reply.Draining)));
            }
            else
            {
                Output.Line("draining", $"{reply.Draining} requests in flight");
            }

            return Output.Success;
        }));
        return command;
    }
}
