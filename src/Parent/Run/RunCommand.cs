using System.CommandLine;
using Init.Simulator.Qemu;

namespace Init.Parent.Run;

/// <summary><c>enclave run</c>: boots an image on this machine, without Nitro.</summary>
internal static class RunCommand
{
    /// <summary>Nobody reads a production console, and printk to one that is full costs up to 10 ms a character.</summary>
    private const string Quiet = "quiet loglevel=0";

    private const string Name = "run";

    /// <summary>How long after Ctrl-C the process may go on: longer where an enclave finishes what it is doing.</summary>
    public static TimeSpan TerminationTimeout(ParseResult parsed) =>
        parsed.CommandResult.Command.Name == Name ? RunSession.DrainTimeout + TimeSpan.FromSeconds(10) : TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        Command command = new(Name, "Boots an enclave image in QEMU's nitro-enclave machine, for development; Ctrl-C ends it.");
        Argument<string> image = new("IMAGE") { Description = "The image (EIF)." };
        Option<int?> memory = new("--memory", "-m") { Description = "The enclave's memory in MiB; at least four times the image." };
        Option<int> cpus = new("--cpus") { Description = "The enclave's processors.", DefaultValueFactory = _ => 2 };
        Option<string?> socket = new("--socket", "-s") { Description = "Where the vsock socket goes (CONNECT port); a temporary folder unless given." };
        Option<bool> blocked = new("--blocked-console") { Description = "Nobody reads the console, as in production." };
        Option<NsmKind> nsm = new("--nsm")
        {
            Description = "The NSM: qemu (documents are unsigned) or software (signed by a development PKI).",
            DefaultValueFactory = _ => NsmKind.Qemu,
        };
        Option<string?> nsmRoot = new("--nsm-root") { Description = "With --nsm software: where the PKI's root certificate goes, as PEM, for a verifier." };
        Option<string> append = new("--append") { Description = "More words for the kernel's command line.", DefaultValueFactory = _ => "" };
        command.Arguments.Add(image);
        command.Options.Add(memory);
        command.Options.Add(cpus);
        command.Options.Add(socket);
        command.Options.Add(blocked);
        command.Options.Add(nsm);
        command.Options.Add(nsmRoot);
        command.Options.Add(append);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(nsmRoot) is not null && parsed.GetValue(nsm) != NsmKind.Software)
            {
                parsed.AddError("--nsm-root goes with --nsm software: QEMU's documents are unsigned.");
            }
        });
        command.SetAction((parsed, interrupted) => Output.RunAsync(() =>
        {
            bool isBlocked = parsed.GetValue(blocked);
            RunDisplay display = new(Console.Out, isTerminal: !Console.IsOutputRedirected);
            return new RunSession(display, TimeProvider.System, parsed.GetValue(nsmRoot)).RunAsync(
                new QemuEnclaveOptions
                {
                    ImagePath = parsed.GetRequiredValue(image),
                    MemoryMiB = parsed.GetValue(memory),
                    Cpus = parsed.GetValue(cpus),
                    SocketPath = parsed.GetValue(socket) is { } path ? Path.GetFullPath(path) : null,
                    Nsm = parsed.GetValue(nsm),
                    HasOwnSession = true,
                    Console = isBlocked ? ConsoleMode.Blocked : ConsoleMode.Read,
                    Append = $"{(isBlocked ? Quiet : "")} {parsed.GetValue(append)}".Trim(),
                },
                interrupted);
        }));
        return command;
    }
}
