using System.CommandLine;
using Init.Prover;
using Init.Prover.Bench;
using Init.Prover.Bench.Measuring;

try
{
    if (args is [EndedChild.Verb, .. string[] command])
    {
        return EndedChild.MeasureHere(command);
    }

    return BenchCommand.Create().Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is BenchException or ProverException or IOException)
{
    Console.Error.WriteLine($"bench: error: {exception.Message}");
    return 1;
}
