using System.CommandLine;
using Init.Eif;
using Init.Parent.Manual;

namespace Init.Parent.Image;

/// <summary><c>enclave image measure</c>: the PCRs that the NSM will attest of an image.</summary>
internal static class MeasureCommand
{
    public static Command Create()
    {
        ToolCommand command = new("measure", "Predicts the PCRs that the NSM will attest of an image.")
        {
            Examples =
            [
                new("enclave image measure out/image/init.eif", "PCR0, 1 and 2, and 8 where the image is signed"),
                new("enclave image measure out/image/init.eif --json", "as nitro-cli prints them; attest --pcrs reads that"),
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
                Console.Out.Write(ImageReport.MeasurementsJson(image));
            }
            else
            {
                ImageReport.PrintMeasurements(image);
            }

            return Output.Success;
        }));
        return command;
    }
}
