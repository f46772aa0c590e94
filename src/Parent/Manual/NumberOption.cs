using System.CommandLine;
using System.Globalization;

namespace Init.Parent.Manual;

/// <summary>An option that is a number greater than 0, up to a limit.</summary>
internal sealed class NumberOption : Option<double?>
{
    public NumberOption(string name, double max, params string[] aliases)
        : base(name, aliases) => CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0 && number <= max)
            {
                return number;
            }

            argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: not a number greater than 0, up to {max}"));
            return null;
        };
}
