using System.CommandLine;
using Init.Parent.Image;
using Init.Parent.Local;
using Init.Parent.Remote;

RootCommand root = new("Operates AWS Nitro Enclaves that run Init, from the parent instance.");
root.Subcommands.Add(AttestCommand.Create());
root.Subcommands.Add(HealthCommand.Create());
root.Subcommands.Add(RemoteProveCommand.Create());
root.Subcommands.Add(ShutdownCommand.Create());
root.Subcommands.Add(ImageCommand.Create());
root.Subcommands.Add(LocalCommand.Create());
return await root.Parse(args).InvokeAsync();
