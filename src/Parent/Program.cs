using System.CommandLine;
using Init.Parent.Local;

RootCommand root = new("Operates AWS Nitro Enclaves that run Init, from the parent instance.");
root.Subcommands.Add(LocalCommand.Create());
return root.Parse(args).Invoke();
