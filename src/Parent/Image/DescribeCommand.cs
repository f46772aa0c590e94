using System.CommandLine;
using Init.Eif;
using Init.Parent.Manual;

namespace Init.Parent.Image;

/// <summary><c>enclave image describe</c>: what is in an image, down to each file of its ramdisks.</summary>
internal static class DescribeCommand
{
    public static Command Create()
    {
        ToolCommand command = new("describe", "Shows an image's sections, measurements and files.")
        {
            Examples =
            [
                new("enclave image describe out/image/init.eif", "sections, PCRs and each file with its digest"),
                new("enclave image describe out/image/init.eif --json", "the same for a program"),
            ],
        };
        Argument<string> path = new(Value.Image) { Description = "The image." };
        JsonOption json = new();
        command.Arguments.Add(path);
        command.Options.Add(json);
        command.SetAction(Output.Blocking(parsed =>
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
