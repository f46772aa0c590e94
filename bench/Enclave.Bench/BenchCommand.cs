using System.CommandLine;

namespace Init.Enclave.Bench;

/// <summary>The command line.</summary>
internal static class BenchCommand
{
    public static RootCommand Create()
    {
        Option<int> boots = Option("--boots", "Boots of each image.", 5);
        Option<int> rounds = Option("--rounds", "Rounds of echoing.", 7);
        Option<int> messages = Option("--messages", "Messages of 1 MiB in a round.", 12);
        Option<int> quiet = Option("--quiet-seconds", "How long the guests are left alone; 0: not at all.", 60);
        Option<string> json = Option("--out", "File for the numbers.", Images.Below("bench/results/enclave.json"));
        Option<string> report = Option("--report", "File whose generated section is replaced.", Images.Below("bench/RESULTS.md"));
        RootCommand command = new("Boots the production image in QEMU beside an init in C, in turn, and compares: size, boot, echo, idling.")
        {
            boots, rounds, messages, quiet, json, report,
        };
        command.SetAction(parsed => Benchmark.RunAsync(new BenchOptions(
            parsed.GetValue(boots), parsed.GetValue(rounds), parsed.GetValue(messages), TimeSpan.FromSeconds(parsed.GetValue(quiet)),
            Path.GetFullPath(parsed.GetRequiredValue(json)), Path.GetFullPath(parsed.GetRequiredValue(report)))));
        command.Subcommands.Add(CreateWords());
        command.Subcommands.Add(CreateEcho());
        command.Subcommands.Add(CreateBoots());
        return command;
    }

    private static Command CreateWords()
    {
        Option<string[]> words = new("--word") { Description = "Words for the kernel's command line; given several times.", Required = true };
        Option<string> init = Option("--init", "The enclave's program.", Images.Below("out/test/bin-dev-srs/init"));
        Option<string> crs = Option("--crs", "Folder of its points.", Images.Below("out/test/dev-srs"));
        Option<string> circuit = Option("--circuit", "Circuit of the vectors.", "small");
        Option<int> rounds = Option("--rounds", "Boots with each.", 4);
        Option<int> proofs = Option("--proofs", "Proofs of each boot.", 2);
        Command command = new("words", "Compares words of the kernel's command line: boot, a proof, memory.") { words, init, crs, circuit, rounds, proofs };
        command.SetAction(parsed => KernelWords.RunAsync(
            parsed.GetRequiredValue(words).Select((word, index) => (word, index)).ToDictionary(
                pair => pair.word,
                pair => Images.OfEnclave($"words{pair.index}", parsed.GetRequiredValue(init), parsed.GetRequiredValue(crs), pair.word)),
            parsed.GetRequiredValue(circuit), parsed.GetValue(rounds), parsed.GetValue(proofs)));
        return command;
    }

    private static Command CreateEcho()
    {
        Option<string[]> inits = new("--init") { Description = "The enclave's program; several are compared.", DefaultValueFactory = _ => [Images.Init] };
        Option<int> rounds = Option("--rounds", "Rounds of echoing.", 5);
        Option<int> messages = Option("--messages", "Messages of 1 MiB in a round.", 12);
        Command command = new("echo", "Compares echoing alone, in a minute.") { inits, rounds, messages };
        command.SetAction(parsed => EchoComparison.RunAsync(
            parsed.GetRequiredValue(inits), parsed.GetValue(rounds), parsed.GetValue(messages), Benchmark.RoundTrips, Benchmark.Window));
        return command;
    }

    private static Command CreateBoots()
    {
        Option<string[]> images = new("--image") { Description = "An enclave image of ours; given several times.", Required = true };
        Option<int> boots = Option("--boots", "Boots of each.", 5);
        Command command = new("boots", "Boots images and the init in C in turn, and nothing else: times and QEMU's CPU time.") { images, boots };
        command.SetAction(parsed => ImageRace.RunAsync(parsed.GetRequiredValue(images), parsed.GetValue(boots)));
        return command;
    }

    private static Option<T> Option<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}

/// <summary>What is measured, and how often.</summary>
internal sealed record BenchOptions(int Boots, int Rounds, int Messages, TimeSpan Quiet, string JsonPath, string ReportPath);
