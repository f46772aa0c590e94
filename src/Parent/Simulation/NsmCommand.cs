using System.CommandLine;
using System.Security.Cryptography;
using Init.Eif;
using Init.Parent.Manual;
using Init.Simulator.SoftwareNsm;

namespace Init.Parent.Simulation;

/// <summary><c>enclave nsm</c>: a software NSM for an enclave that runs as an ordinary process.</summary>
internal static class NsmCommand
{
    public static Command Create()
    {
        ToolCommand command = new("nsm", "Serves a software NSM on a Unix socket until interrupted. INSECURE: its documents are signed by a development key.")
        {
            Examples =
            [
                new("enclave nsm /tmp/nsm --nsm-root root.pem", "attest --root root.pem then accepts its documents"),
                new("enclave nsm /tmp/nsm --pcrs out/image/pcrs.json --json", "attests the measurements of an image"),
            ],
        };
        Argument<string> socket = new("SOCKET") { Description = "The socket's path." };
        Option<string?> root = new("--nsm-root") { Description = "Where the PKI's root certificate goes, as PEM, for a verifier.", HelpName = Value.File };
        Option<string?> pcrs = new("--pcrs")
        {
            Description = "Attest the image with these measurements, as image build writes them; zeros, as in debug mode, unless given.",
            HelpName = Value.File,
        };
        JsonOption json = new();
        command.Arguments.Add(socket);
        command.Options.Add(root);
        command.Options.Add(pcrs);
        command.Options.Add(json);
        command.SetAction(Output.Asking(async (parsed, interrupted) =>
        {
            SoftwareNsmOptions options = parsed.GetValue(pcrs) is { } path
                ? SoftwareNsmOptions.ForImage(EifMeasurements.FromJson(await File.ReadAllBytesAsync(path, interrupted)))
                : new SoftwareNsmOptions();
            SoftwareNsmDevice device = new(options, TimeProvider.System);
            if (parsed.GetValue(root) is { } rootPath)
            {
                UnfinishedFile.Write(rootPath, PemEncoding.WriteString("CERTIFICATE", device.RootCertificate.Span) + "\n");
            }

            using SoftwareNsmServer server = new(parsed.GetRequiredValue(socket), device);
            Introduce(parsed.GetRequiredValue(socket), device, parsed.GetValue(json));
            await Task.Delay(Timeout.InfiniteTimeSpan, interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Output.Success;
        }));
        return command;
    }

    private static void Introduce(string socket, SoftwareNsmDevice device, bool asJson)
    {
        string root = Convert.ToHexStringLower(SHA256.HashData(device.RootCertificate.Span));
        if (asJson)
        {
            Console.Out.Write(JsonText.Object(writer =>
            {
                writer.WriteString("Socket", socket);
                writer.WriteBoolean("IsInsecure", true);
                writer.WriteString("RootSha256", root);
            }));
            return;
        }

        Output.Line("software NSM", $"{socket}, INSECURE");
        Output.Line("root", $"SHA-256 {root}");
    }
}
