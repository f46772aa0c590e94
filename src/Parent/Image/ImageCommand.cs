using System.CommandLine;
using Init.Parent.Manual;

namespace Init.Parent.Image;

/// <summary><c>enclave image ..</c>: makes enclave images and looks into them.</summary>
internal static class ImageCommand
{
    public static Command Create()
    {
        ToolCommand image = new("image", "Makes enclave image files (EIF) and looks into them.")
        {
            Examples =
            [
                new("enclave image describe out/image/init.eif", "what is in an image"),
                new("enclave image measure out/image/init.eif --json", "the PCRs that the NSM will attest of it"),
            ],
        };
        image.Subcommands.Add(BuildCommand.Create());
        image.Subcommands.Add(DescribeCommand.Create());
        image.Subcommands.Add(DiffCommand.Create());
        image.Subcommands.Add(MeasureCommand.Create());
        image.Subcommands.Add(SignCommand.Create());
        image.Subcommands.Add(VerifyCommand.Create());
        return image;
    }
}
