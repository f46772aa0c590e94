using System.CommandLine;

namespace Init.Parent.Manual;

/// <summary>An option whose values are an enumeration's, in lower case as they are typed, shown and completed.</summary>
internal sealed class Choice<T> : Option<string>
    where T : struct, Enum
{
    public Choice(string name, T byDefault)
        : base(name)
    {
        this.AcceptOnlyFromAmong([.. Enum.GetNames<T>().Select(value => value.ToLowerInvariant())]);
        DefaultValueFactory = _ => byDefault.ToString().ToLowerInvariant();
    }

    /// <summary>What was chosen.</summary>
    public T Of(ParseResult parsed) => Enum.Parse<T>(parsed.GetRequiredValue(this), ignoreCase: true);

    /// <summary>What was chosen, for a validator: the default where what was given is refused anyway.</summary>
    public T Of(System.CommandLine.Parsing.CommandResult result) =>
        Enum.TryParse(result.GetValue(this), ignoreCase: true, out T value) ? value : default;
}
