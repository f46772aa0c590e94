using System.CommandLine;
using Init.Eif;

namespace Init.Parent.Image;

/// <summary><c>enclave image describe</c>: what is in an image, down to each file of its ramdisks.</summary>
internal static class DescribeCommand
{
    public static Command Create()
    {
        Command command = new("describe", "Shows an image's sections, measurements and files.");
        Argument<string> path = new("IMAGE") { Description = "The image." };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        command.Arguments.Add(path);
        command.Options.Add(json);
        command.SetAction(parsed => Output.Run(() =>
        {
            using FileStream stream = File.OpenRead(parsed.GetRequiredValue(path));
            EifImage image = EifReader.Read(stream);
            if (parsed.GetValue(json))
            {
                Console.Out.Write(ImageReport.Json(image, withFiles: true));
            }
            else
            {
                ImageReport.PrintSections(parsed.GetRequiredValue(path), image);
                ImageReport.PrintMeasurements(image);
                ImageReport.PrintFiles(image);
            }

            return Output.Success;
        }));
        return command;
    }
}
