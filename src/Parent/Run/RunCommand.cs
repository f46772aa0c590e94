using System.CommandLine;
using Init.Parent.Manual;
using Init.Simulator.Qemu;

namespace Init.Parent.Run;

/// <summary><c>enclave run</c>: boots an image on this machine, without Nitro.</summary>
internal static class RunCommand
{
    /// <summary>Nobody reads a production console, and printk to one that is full costs up to 10 ms a character.</summary>
    private const string Quiet = "quiet loglevel=0";

    public static Command Create()
    {
        ToolCommand command = new("run", "Boots an enclave image in QEMU's nitro-enclave machine, for development; Ctrl-C ends it.")
        {
            Examples =
            [
                new("enclave run out/image/init.eif --memory 1024 --socket /tmp/vsock", "boots an image; it is then at simulator:/tmp/vsock"),
                new("enclave run init.eif --nsm software --nsm-root root.pem", "with documents signed by a development PKI, for attest --root root.pem"),
            ],
        };
        Argument<string> image = new(Value.Image) { Description = "The image (EIF)." };
        Option<int?> memory = new("--memory", "-m")
        {
            Description = "The enclave's memory in MiB; at least four times the image.",
            HelpName = Value.Number,
        };
        Option<int> cpus = new("--cpus") { Description = "The enclave's processors.", HelpName = Value.Number, DefaultValueFactory = _ => 2 };
        Option<string?> socket = new("--socket", "-s")
        {
            Description = "Where the vsock socket goes (CONNECT port); a temporary folder unless given.",
            HelpName = Value.File,
        };
        Option<bool> blocked = new("--blocked-console") { Description = "Nobody reads the console, as in production." };
        Choice<NsmKind> nsm = new("--nsm", NsmKind.Qemu)
        {
            Description = "The NSM: qemu (documents are unsigned) or software (signed by a development PKI).",
        };
        Option<string?> nsmRoot = new("--nsm-root")
        {
            Description = "With --nsm software: where the PKI's root certificate goes, as PEM, for a verifier.",
            HelpName = Value.File,
        };
        Option<string?> append = new("--append")
        {
            Description = "More words for the kernel's command line, which are not measured. Images made here end their boot for most, with the word's name.",
            HelpName = Value.Text,
        };
        JsonOption json = new();
        command.Arguments.Add(image);
        command.Options.Add(memory);
        command.Options.Add(cpus);
        command.Options.Add(socket);
        command.Options.Add(blocked);
        command.Options.Add(nsm);
        command.Options.Add(nsmRoot);
        command.Options.Add(append);
        command.Options.Add(json);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(nsmRoot) is not null && nsm.Of(parsed) != NsmKind.Software)
            {
                parsed.AddError("--nsm-root goes with --nsm software: QEMU's documents are unsigned.");
            }
        });
        command.SetAction((parsed, interrupted) => Output.RunAsync(() =>
        {
            bool isBlocked = parsed.GetValue(blocked);
            RunDisplay display = parsed.GetValue(json)
                ? new(Console.Error, isTerminal: !Console.IsErrorRedirected)
                : new(Console.Out, isTerminal: !Console.IsOutputRedirected);
            return new RunSession(display, TimeProvider.System, parsed.GetValue(nsmRoot)) { PrintsJson = parsed.GetValue(json) }.RunAsync(
                new QemuEnclaveOptions
                {
                    ImagePath = parsed.GetRequiredValue(image),
                    MemoryMiB = parsed.GetValue(memory),
                    Cpus = parsed.GetValue(cpus),
                    SocketPath = parsed.GetValue(socket) is { } path ? Path.GetFullPath(path) : null,
                    Nsm = nsm.Of(parsed),
                    HasOwnSession = true,
                    Console = isBlocked ? ConsoleMode.Blocked : ConsoleMode.Read,
                    Append = $"{(isBlocked ? Quiet : "")} {parsed.GetValue(append)}".Trim(),
                },
                interrupted);
        }));
        return command;
    }
}
