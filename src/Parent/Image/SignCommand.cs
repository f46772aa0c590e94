using System.CommandLine;
using Init.Eif;
using Init.Parent.Manual;

namespace Init.Parent.Image;

/// <summary><c>enclave image sign</c>: adds the signature that PCR8 stands for, as nitro-cli does.</summary>
internal static class SignCommand
{
    public static Command Create()
    {
        ToolCommand command = new("sign", "Signs an image (ES384), so that PCR8 measures the certificate. PCR0, 1 and 2 stay as they are.")
        {
            Examples =
            [
                new("enclave image sign init.eif --signing-key key.pem --signing-certificate certificate.pem", "signs the image in its place"),
                new("enclave image sign init.eif --signing-key key.pem --signing-certificate certificate.pem -o signed.eif --pcrs pcrs.json", "into another file, and writes the measurements"),
            ],
        };
        Argument<string> path = new(Value.Image) { Description = "The image." };
        SigningArguments signing = new(required: true);
        Option<bool> replace = new("--replace") { Description = "Replace the signature that is there." };
        Option<string?> output = new("--output", "-o") { Description = "Where to write the signed image; the image itself unless given.", HelpName = Value.File };
        Option<string?> pcrs = new("--pcrs") { Description = "Where to write the measurements, as nitro-cli prints them.", HelpName = Value.File };
        JsonOption json = new();
        command.Arguments.Add(path);
        signing.AddTo(command);
        command.Options.Add(replace);
        command.Options.Add(output);
        command.Options.Add(pcrs);
        command.Options.Add(json);
        command.SetAction(Output.Blocking(parsed =>
        {
            using ImageSigner signer = signing.Create(parsed)!;
            string source = parsed.GetRequiredValue(path), target = parsed.GetValue(output) ?? source;
            Sign(source, target, signer, parsed.GetValue(replace));
            using FileStream stream = File.OpenRead(target);
            EifImage image = EifReader.Read(stream);
            if (parsed.GetValue(pcrs) is { } file)
            {
                UnfinishedFile.Write(file, ImageReport.MeasurementsJson(image));
            }

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
