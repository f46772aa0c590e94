using System.CommandLine;
using Init.Eif;
using Init.Parent.Manual;

namespace Init.Parent.Image;

/// <summary><c>enclave image verify</c>: an image is whole, and measures what somebody expects.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        ToolCommand command = new("verify", "Checks an image's structure, checksum, measurements and signature; ends with 1 on a difference.")
        {
            Examples =
            [
                new("enclave image verify init.eif", "checks that an image is whole"),
                new("enclave image verify init.eif --pcrs pcrs.json --json", "and that it measures what was published"),
            ],
        };
        Argument<string> path = new(Value.Image) { Description = "The image." };
        Option<string?> pcrs = new("--pcrs") { Description = "Expected measurements, as image build and nitro-cli print them.", HelpName = Value.File };
        JsonOption json = new();
        command.Arguments.Add(path);
        command.Options.Add(pcrs);
        command.Options.Add(json);
        command.SetAction(Output.Blocking(parsed =>
        {
            using FileStream stream = File.OpenRead(parsed.GetRequiredValue(path));
            EifImage image = EifReader.Read(stream);
            EifMeasurements expected = parsed.GetValue(pcrs) is { } file
                ? EifMeasurements.FromJson(File.ReadAllBytes(file))
                : image.Measurements;
            string? signer = image.Signature?.Verify(image.Measurements.Pcr0, TimeProvider.System.GetUtcNow());
            IReadOnlyList<int> differences = image.Measurements.DifferencesFrom(expected);
            if (parsed.GetValue(json))
            {
                Console.Out.Write(ImageReport.VerdictJson(image, differences, signer));
            }
            else
            {
                Print(image, expected, differences, signer);
            }

            return differences.Count == 0 ? Output.Success : Output.Failure;
        }));
        return command;
    }

    private static void Print(EifImage image, EifMeasurements expected, IReadOnlyList<int> differences, string? signer)
    {
        Dictionary<int, string> found = image.Measurements.Registers.ToDictionary(r => r.Index, r => r.Value);
        foreach ((int index, string value) in expected.Registers)
        {
            if (differences.Contains(index))
            {
                string instead = found.GetValueOrDefault(index, "not measured: the image has no signature");
                Output.Fail($"PCR{index} is {instead}, expected {value}");
            }
            else
            {
                Output.Line($"PCR{index}", value);
            }
        }

        Output.Line("signature", signer is null ? "none" : $"good, by {Output.Printable(signer)}");
        Output.Line("image", differences.Count == 0 ? "whole" : "whole, but not the one expected");
    }
}
