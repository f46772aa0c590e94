using System.CommandLine;
using Init.Parent.Manual;

namespace Init.Parent;

/// <summary>The options for Noir's and bb's files, named as bb names them, with an enclave and without.</summary>
internal static class CircuitFiles
{
    public static Option<string> Bytecode() =>
        new("--bytecode", "-b") { Description = "Noir's prog.json, or its gzipped bytecode.", HelpName = Value.File, Required = true };

    public static Option<string> Witness() => new("--witness", "-w") { Description = "Noir's witness.gz.", HelpName = Value.File, Required = true };

    public static Option<string> Folder() => new("--output", "-o") { Description = "Folder for the files.", HelpName = Value.Folder, Required = true };

    public static Option<string> Key() => new("--key", "-k") { Description = "The file vk.", HelpName = Value.File, Required = true };

    public static Option<string> Proof() => new("--proof", "-p") { Description = "The file proof.", HelpName = Value.File, Required = true };

    public static Option<string> PublicInputs() =>
        new("--public-inputs", "-i") { Description = "The file public_inputs.", HelpName = Value.File, Required = true };
}
