using System.CommandLine;
using System.CommandLine.Invocation;
using Init.Parent;

ParseResult parsed = CommandTree.Create().Parse(args);
if (parsed.Action is ParseErrorAction)
{
    return Output.RefuseArguments(parsed);
}

using Interruption interruption = new();
try
{
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interruption.Token);
}
catch (Exception unexpected)
{
    return Output.Fail(parsed.GetValue(CommandTree.Verbose) ? $"{unexpected}" : $"{unexpected.GetType().Name}: {unexpected.Message}", hint: "-v tells where");
}
finally
{
    UnfinishedFile.Abandon();
}
