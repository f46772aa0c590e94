using System.Globalization;
using Init.Wire;

namespace Init.Parent.Bench;

/// <summary>Which operations a load consists of, and how much of it each is: <c>echo:64=0.7,health=0.1</c>.</summary>
internal sealed class Mix
{
    public const int DefaultEchoBytes = 64;
    public const int MaxEchoBytes = WireLimits.MaxMessageBytes / 2;

    private readonly double[] _upTo;

    private Mix(IReadOnlyList<MixPart> parts)
    {
        Parts = parts;
        double total = parts.Sum(part => part.Weight), sum = 0;
        _upTo = [.. parts.Select(part => (sum += part.Weight) / total)];
    }

    public IReadOnlyList<MixPart> Parts { get; }

    /// <summary>Reads a mix; null, and why, when it is none.</summary>
    public static Mix? TryParse(string text, out string? error)
    {
        List<MixPart> parts = [];
        foreach (string item in text.Split(','))
        {
            if (Part(item) is not { } part)
            {
                error = $"--mix: '{Output.Printable(item)}' is not NAME[=SHARE], NAME one of {Names}, or echo:BYTES up to {MaxEchoBytes}, SHARE a positive number";
                return null;
            }

            if (parts.Any(other => other.Name == part.Name))
            {
                error = $"--mix: {part.Name} is there twice";
                return null;
            }

            parts.Add(part);
        }

        error = null;
        return new Mix(parts);
    }

    /// <summary>Whether one of the operations is in it.</summary>
    public bool Has(params Workload[] workloads) => Parts.Any(part => workloads.Contains(part.Workload));

    /// <summary>The index of the part that a number from 0 to 1 falls on.</summary>
    public int IndexOf(double random)
    {
        int index = Array.FindIndex(_upTo, upTo => random < upTo);
        return index < 0 ? _upTo.Length - 1 : index;
    }

    private static string Names => string.Join(", ", Enum.GetValues<Workload>().Select(MixPart.NameOf));

    private static MixPart? Part(string item)
    {
        string[] halves = item.Split('=');
        string[] name = halves[0].Split(':');
        double weight = 1;
        bool isNumber = halves.Length == 1
            || (halves.Length == 2 && double.TryParse(halves[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out weight));
        Workload? named = Enum.GetValues<Workload>().Cast<Workload?>().FirstOrDefault(workload => MixPart.NameOf(workload!.Value) == name[0]);
        int bytes = DefaultEchoBytes;
        bool isSize = name.Length == 1
            || (name.Length == 2 && named == Workload.Echo && int.TryParse(name[1], NumberStyles.None, CultureInfo.InvariantCulture, out bytes));
        return isNumber && named is { } workload && isSize && weight is > 0 and < double.PositiveInfinity && bytes <= MaxEchoBytes
            ? new MixPart(workload, workload == Workload.Echo ? bytes : 0, weight)
            : null;
    }
}
