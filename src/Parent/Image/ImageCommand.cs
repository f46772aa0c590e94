using System.CommandLine;

namespace Init.Parent.Image;

/// <summary><c>enclave image ..</c>: makes enclave images and looks into them.</summary>
internal static class ImageCommand
{
    public static Command Create()
    {
        Command image = new("image", "Makes enclave image files (EIF) and looks into them.");
        image.Subcommands.Add(BuildCommand.Create());
        image.Subcommands.Add(DescribeCommand.Create());
        image.Subcommands.Add(DiffCommand.Create());
        image.Subcommands.Add(MeasureCommand.Create());
        image.Subcommands.Add(SignCommand.Create());
        image.Subcommands.Add(VerifyCommand.Create());
        return image;
    }
}
