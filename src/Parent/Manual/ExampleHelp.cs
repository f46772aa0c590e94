using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Init.Parent.Manual;

/// <summary>System.CommandLine's help, then the examples, and at the root the exit codes.</summary>
internal sealed class ExampleHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is IDocumented documented)
        {
            output.WriteLine("Examples:");
            foreach (Example example in documented.Examples)
            {
                output.WriteLine($"  {example.CommandLine}");
                output.WriteLine($"      {example.Does}");
            }

            output.WriteLine();
        }

        if (parseResult.CommandResult.Command is ToolRoot)
        {
            output.WriteLine("Exit codes:");
            foreach ((int status, string meaning) in ExitStatus.All)
            {
                output.WriteLine($"  {status,-4} {meaning}");
            }

            output.WriteLine();
        }

        return code;
    }
}
