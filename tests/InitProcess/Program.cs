using Init.InitProcess;

ProcessArguments parsed;
try
{
    parsed = ProcessArguments.Parse(args);
}
catch (ArgumentException wrong)
{
    System.Console.Error.WriteLine($"init-process: error: {wrong.Message}");
    return 2;
}

Init.Program.Run(new ProcessMachine(parsed));
return 0;
