using System.CommandLine;

namespace Init.Prover.Bench;

/// <summary>The command line.</summary>
internal static class BenchCommand
{
    public static RootCommand Create()
    {
        Option<string> circuits = Option("--circuits", "Circuits of the vectors, in ascending size.", "tiny,small,medium,large");
        Option<string> threads = Option("--threads", "Thread counts.", "1,2");
        Option<string> operations = Option("--operations", "Of key, prove, verify.", "key,prove,verify");
        Option<int> rounds = Option("--rounds", "Rounds at most.", 7);
        Option<int> processRounds = Option("--process-rounds", "Rounds in which bb as a process takes part with circuits above 2^16 gates.", 2);
        Option<int> bbJsRounds = Option("--bbjs-rounds", "Turns of bb.js at the end, where there is time.", 1);
        Option<double> budget = Option("--budget", "Seconds that the whole run may take; one round is run in any case.", 540.0);
        Option<string> crs = Option("--crs", "Folder of the development SRS.", Below("out/test/dev-srs"));
        Option<string> cpu = Option("--cpu", "What we may use: best, avx512 (no IFMA), adx (no AVX-512), bmi2 (neither).", "best");
        Option<string> json = Option("--out", "File for the numbers; by default bench/results/prover.json, or prover-CPU.json.", "");
        Option<string> report = Option("--report", "File whose generated section is replaced.", Below("bench/RESULTS.md"));
        RootCommand command = new("Proves in-process, with native bb and with bb.js, alternating, and compares. Under an INSECURE SRS.");
        foreach (Option option in (Option[])[circuits, threads, operations, rounds, processRounds, bbJsRounds, budget, crs, cpu, json, report])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Benchmark.Run(new BenchOptions
        {
            Circuits = parsed.GetRequiredValue(circuits).Split(','),
            Threads = [.. parsed.GetRequiredValue(threads).Split(',').Select(ParseThreads)],
            Operations = [.. parsed.GetRequiredValue(operations).Split(',').Select(ParseOperation)],
            Rounds = Math.Max(1, parsed.GetValue(rounds)),
            LargeProcessRounds = Math.Max(1, parsed.GetValue(processRounds)),
            BbJsRounds = parsed.GetValue(bbJsRounds),
            Budget = TimeSpan.FromSeconds(parsed.GetValue(budget)),
            Without = ParseCpu(parsed.GetRequiredValue(cpu)),
            CrsFolder = Path.GetFullPath(parsed.GetRequiredValue(crs)),
            Cpu = parsed.GetRequiredValue(cpu),
            JsonPath = Path.GetFullPath(parsed.GetRequiredValue(json) is { Length: > 0 } given
                ? given
                : Below($"bench/results/{SectionName(parsed.GetRequiredValue(cpu))}.json")),
            ReportPath = Path.GetFullPath(parsed.GetRequiredValue(report)),
        }));
        return command;
    }

    private static Option<T> Option<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    private static string Below(string path) => Path.Combine(Checkout.Root, path);

    private static int ParseThreads(string text) =>
        int.TryParse(text, out int threads) && threads is >= 1 and <= 64
            ? threads
            : throw new BenchException($"read --threads: '{text}'");

    /// <summary>A run with less than the CPU has does not replace the numbers of one with all of it.</summary>
    internal static string SectionName(string cpu) => cpu == "best" ? "prover" : $"prover-{cpu}";

    private static CpuFeatures ParseCpu(string text) => text switch
    {
        "best" => CpuFeatures.None,
        "avx512" => CpuFeatures.Ifma,
        "adx" => CpuFeatures.Avx512,
        "bmi2" => CpuFeatures.Avx512 | CpuFeatures.Adx,
        _ => throw new BenchException($"read --cpu: '{text}' is not best, avx512, adx or bmi2"),
    };

    private static Operation ParseOperation(string text) => text switch
    {
        "key" => Operation.Key,
        "prove" => Operation.Prove,
        "verify" => Operation.Verify,
        _ => throw new BenchException($"read --operations: '{text}' is not key, prove or verify"),
    };
}
