using System.CommandLine;
using Init.Client;
using Init.Parent.Manual;
using Init.Wire;

namespace Init.Parent.Remote;

/// <summary><c>enclave health</c>: how an enclave is.</summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        ToolCommand command = new("health", "Shows how an enclave is: boot, entropy, clock, NSM, connections, prover, memory.")
        {
            Examples =
            [
                new("enclave health --address vsock:16:5000", "asks the enclave with CID 16 on this parent instance"),
                new("enclave health --address simulator:/tmp/vsock --json", "asks one that enclave run has booted, for a program"),
            ],
        };
        EnclaveArguments enclave = new();
        JsonOption json = new();
        enclave.AddTo(command);
        command.Options.Add(json);
        command.SetAction(Output.Asking(async (parsed, interrupted) =>
        {
            using EnclaveClient client = await enclave.OpenAsync(parsed, interrupted);
            HelloReply hello = await client.HelloAsync(interrupted);
            HealthReply health = await client.HealthAsync(interrupted);
            if (parsed.GetValue(json))
            {
                Console.Out.Write(JsonText.Object(writer => HealthReport.Write(writer, hello, health)));
            }
            else
            {
                HealthReport.Print(hello, health);
            }

            return Output.Success;
        }));
        return command;
    }
}
