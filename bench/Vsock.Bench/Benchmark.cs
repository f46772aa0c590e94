using System.Globalization;

namespace Init.Vsock.Bench;

/// <summary>Builds what is compared, lets both take turns, and writes the numbers down.</summary>
internal static class Benchmark
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "out/bench/vsock");

    public static int Run(int rounds, string rivalSource, string jsonPath, string reportPath)
    {
        if (!File.Exists(rivalSource))
        {
            throw new BenchException($"find the back end in C: no file {rivalSource} (--rival, INIT_RIG)");
        }

        Directory.CreateDirectory(Folder);
        string image = BuildImage();
        string program = Path.Combine(Folder, "vhost-user-vsock");
        Checkout.Output("gcc", "-O2", "-std=gnu11", rivalSource, "-o", program);
        Circumstances circumstances = Circumstances.Read();

        using Contestant ours = Contestant.InCSharp(image), theirs = Contestant.InC(image, program);
        Dictionary<Workload, List<Turn>> turns = Workload.All.ToDictionary(workload => workload, _ => new List<Turn>());
        for (int round = 0; round <= rounds; round++)
        {
            foreach (Workload workload in Workload.All)
            {
                Turn turn = TakeTurns(workload, ours, theirs, areWeFirst: round % 2 == 0);
                if (round > 0)
                {
                    // The round before the first warms both up.
                    turns[workload].Add(turn);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round}/{rounds} {workload.Name,-24} {turn.Ours,8:F2} {turn.Theirs,8:F2} MB/s  {turn.Ratio:F2}"));
                }
            }
        }

        BenchResult result = BenchResult.Of(circumstances.Ended(), turns);
        File.WriteAllText(jsonPath, result.ToJson());
        ResultsSection.Marks.Replace(reportPath, ResultsSection.Of(result));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"worst throughput ratio to the back end in C: {result.WorstRatio:F2}"));
        return 0;
    }

    private static Turn TakeTurns(Workload workload, Contestant ours, Contestant theirs, bool areWeFirst)
    {
        double first = workload.Measure(areWeFirst ? ours : theirs);
        double second = workload.Measure(areWeFirst ? theirs : ours);
        return areWeFirst ? new Turn(first, second) : new Turn(second, first);
    }

    private static string BuildImage()
    {
        string program = Path.Combine(Folder, "raw-echo"), image = Path.Combine(Folder, "raw-echo.eif");
        Checkout.Output("gcc", "-static", "-O2", Path.Combine(Checkout.Root, "tests/guest/raw_echo.c"), "-o", program);
        Checkout.Output("out/bin/enclave", "image", "build", "--kernel", "out/kernel/bzImage", "--init", program, "-o", image);
        return image;
    }
}
