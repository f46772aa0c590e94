using System.CommandLine;
using Init.Eif;
using Init.Parent.Manual;

namespace Init.Parent.Image;

/// <summary><c>enclave image diff</c>: in what two images differ.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        ToolCommand command = new("diff", "Shows in which section, file, word and PCR two images differ; ends with 1 if they do.")
        {
            Examples =
            [
                new("enclave image diff old.eif new.eif", "what changed between two builds"),
                new("enclave image diff old.eif new.eif --json", "the same for a program"),
            ],
        };
        Argument<string> before = new("A") { Description = "An image.", HelpName = Value.Image };
        Argument<string> after = new("B") { Description = "Another.", HelpName = Value.Image };
        JsonOption json = new();
        command.Arguments.Add(before);
        command.Arguments.Add(after);
        command.Options.Add(json);
        command.SetAction(Output.Blocking(parsed =>
        {
            using FileStream a = File.OpenRead(parsed.GetRequiredValue(before)), b = File.OpenRead(parsed.GetRequiredValue(after));
            IReadOnlyList<ImageDifference> differences = ImageDiff.Compare(EifReader.Read(a), EifReader.Read(b));
            if (parsed.GetValue(json))
            {
                Console.Out.Write(ImageReport.DifferencesJson(differences));
            }
            else
            {
                Print(differences);
            }

            return differences.Count == 0 ? Output.Success : Output.Failure;
        }));
        return command;
    }

    private static void Print(IReadOnlyList<ImageDifference> differences)
    {
        foreach (ImageDifference difference in differences)
        {
            string subject = Output.Printable($"{difference.Subject} ".TrimStart());
            string what = (difference.Before, difference.After) switch
            {
                (null, { } added) => $"only in B: {Output.Printable(added)}",
                ({ } removed, null) => $"only in A: {Output.Printable(removed)}",
                var (a, b) => $"{difference.Aspect}: {Output.Printable(a!)} -> {Output.Printable(b!)}",
            };
            Output.Line(difference.Part, subject + what);
        }

        if (differences.Count == 0)
        {
            Output.Line("images", "the same, byte for byte");
        }
    }
}
