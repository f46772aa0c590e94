using Init.Client;
using Init.Enclave.Bench;
using Init.Simulator;

try
{
    return await BenchCommand.Create().Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is BenchException or SimulatorException or ClientException or IOException)
{
    Console.Error.WriteLine($"bench: error: {exception.Message}");
    return 1;
}
