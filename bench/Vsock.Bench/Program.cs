using System.CommandLine;
using Init.Simulator;
using Init.Vsock.Bench;

Option<int> rounds = new("--rounds") { Description = "Rounds.", DefaultValueFactory = _ => 5 };
Option<string> rival = new("--rival")
{
    Description = "The source of the back end in C.",
    DefaultValueFactory = _ => Path.Combine(Environment.GetEnvironmentVariable("INIT_RIG") ?? "../shared/rig", "vhost-user-vsock/vhost-user-vsock.c"),
};
Option<string> json = new("--out") { Description = "File for the numbers.", DefaultValueFactory = _ => "bench/results/vsock.json" };
Option<string> report = new("--report") { Description = "File whose section is replaced.", DefaultValueFactory = _ => "bench/RESULTS.md" };
RootCommand command = new("Moves bytes between host and guest over the vsock back end in C# and over one in C, alternating, and compares.");
foreach (Option option in (Option[])[rounds, rival, json, report])
{
    command.Options.Add(option);
}

command.SetAction(parsed => Benchmark.Run(
    Math.Max(1, parsed.GetValue(rounds)),
    Path.Combine(Checkout.Root, parsed.GetRequiredValue(rival)),
    Path.Combine(Checkout.Root, parsed.GetRequiredValue(json)),
    Path.Combine(Checkout.Root, parsed.GetRequiredValue(report))));
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is BenchException or SimulatorException or IOException or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine($"bench: error: {exception.Message}");
    return 1;
}
