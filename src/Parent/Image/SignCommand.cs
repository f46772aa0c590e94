using System.CommandLine;
using Init.Eif;

namespace Init.Parent.Image;

/// <summary><c>enclave image sign</c>: adds the signature that PCR8 stands for, as nitro-cli does.</summary>
internal static class SignCommand
{
    public static Command Create()
    {
        Command command = new("sign", "Signs an image (ES384), so that PCR8 measures the certificate. PCR0, 1 and 2 stay as they are.");
        Argument<string> path = new("IMAGE") { Description = "The image." };
        SigningArguments signing = new(required: true);
        Option<bool> replace = new("--replace") { Description = "Replace the signature that is there." };
        Option<string?> output = new("--output", "-o") { Description = "Where to write the signed image; the image itself unless given." };
        Option<string?> pcrs = new("--pcrs") { Description = "Where to write the measurements, as nitro-cli prints them." };
        command.Arguments.Add(path);
        signing.AddTo(command);
        command.Options.Add(replace);
        command.Options.Add(output);
        command.Options.Add(pcrs);
        command.SetAction(parsed => Output.Run(() =>
        {
            using ImageSigner signer = signing.Create(parsed)!;
            string source = parsed.GetRequiredValue(path), target = parsed.GetValue(output) ?? source;
            Sign(source, target, signer, parsed.GetValue(replace));
            using FileStream stream = File.OpenRead(target);
            EifImage image = EifReader.Read(stream);
            if (parsed.GetValue(pcrs) is { } file)
            {
                File.WriteAllText(file, ImageReport.MeasurementsJson(image));
            }

            ImageReport.PrintMeasurements(image);
            return Output.Success;
        }));
        return command;
    }

    private static void Sign(string source, string target, ImageSigner signer, bool mayReplace)
    {
        using FileStream stream = File.OpenRead(source);
        EifImage image = EifReader.Read(stream);
        if (image.Signature is not null && !mayReplace)
        {
            throw new EifException(EifError.InvalidInput, "sign image: it is signed already; --replace puts another signature there");
        }

        UnfinishedFile.Write(target, unfinished => signer.Sign(image, unfinished));
    }
}
