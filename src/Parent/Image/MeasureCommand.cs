using System.CommandLine;
using Init.Eif;

namespace Init.Parent.Image;

/// <summary><c>enclave image measure</c>: the PCRs that the NSM will attest of an image.</summary>
internal static class MeasureCommand
{
    public static Command Create()
    {
        Command command = new("measure", "Predicts the PCRs that the NSM will attest of an image.");
        Argument<string> path = new("IMAGE") { Description = "The image." };
        Option<bool> json = new("--json") { Description = "Print JSON, as nitro-cli does." };
        command.Arguments.Add(path);
        command.Options.Add(json);
        command.SetAction(parsed => Output.Run(() =>
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
