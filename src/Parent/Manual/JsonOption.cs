using System.CommandLine;

namespace Init.Parent.Manual;

/// <summary><c>--json</c>: one document on standard output in place of text. docs/command.md lists the names.</summary>
internal sealed class JsonOption : Option<bool>
{
    public JsonOption()
        : base("--json") => Description = "Print one JSON document on standard output.";
}
