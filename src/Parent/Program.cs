using System.CommandLine;
using Init.Parent.Image;
using Init.Parent.Local;
using Init.Parent.Remote;
using Init.Parent.Run;
using Init.Parent.Simulation;

RootCommand root = new("Operates AWS Nitro Enclaves that run Init, from the parent instance.");
root.Subcommands.Add(AttestCommand.Create());
root.Subcommands.Add(HealthCommand.Create());
root.Subcommands.Add(RemoteProveCommand.Create());
root.Subcommands.Add(ShutdownCommand.Create());
root.Subcommands.Add(RunCommand.Create());
root.Subcommands.Add(ImageCommand.Create());
root.Subcommands.Add(NsmCommand.Create());
root.Subcommands.Add(LocalCommand.Create());
ParseResult parsed = root.Parse(args);
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = RunCommand.TerminationTimeout(parsed) });
