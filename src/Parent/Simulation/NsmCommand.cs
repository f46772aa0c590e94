using System.CommandLine;
using Init.Simulator.SoftwareNsm;

namespace Init.Parent.Simulation;

/// <summary><c>enclave nsm</c>: a software NSM for an enclave that runs as an ordinary process.</summary>
internal static class NsmCommand
{
    public static Command Create()
    {
        Command command = new("nsm", "Serves a software NSM on a Unix socket until interrupted. INSECURE: its documents are signed by a development key.");
        Argument<string> socket = new("socket") { Description = "The socket's path." };
        command.Arguments.Add(socket);
        command.SetAction((parsed, cancellation) => Output.RunAsync(async () =>
        {
            using SoftwareNsmServer server = new(parsed.GetRequiredValue(socket), new SoftwareNsmDevice(new SoftwareNsmOptions(), TimeProvider.System));
            Output.Line("software NSM", $"{parsed.GetRequiredValue(socket)}, INSECURE");
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Output.Success;
        }));
        return command;
    }
}
