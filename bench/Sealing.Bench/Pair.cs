using System.Globalization;
using System.Text.Json;

namespace Init.Sealing.Bench;

/// <summary>One round: how long either took, in seconds.</summary>
internal sealed record Turn(double Plain, double Sealed);

/// <summary>What was measured of plain and sealed requests, turn by turn.</summary>
internal sealed class Pair
{
    public static JsonSerializerOptions Json { get; } = new() { WriteIndented = true };

    public List<Turn> Turns { get; } = [];

    /// <summary>The median of the turns' ratios: below 1, sealed is slower.</summary>
    public double ThroughputRatio => Median(Turns.Select(turn => turn.Plain / turn.Sealed));

    /// <summary>Two cells of a table.</summary>
    public string Show(Func<double, double> unit, string format)
    {
        return $"{Cell(Turns.Select(turn => unit(turn.Plain)))} | {Cell(Turns.Select(turn => unit(turn.Sealed)))}";
        string Cell(IEnumerable<double> values)
        {
            string Number(double value) => value.ToString(format, CultureInfo.InvariantCulture);
            return $"{Number(Median(values))} ({Number(values.Min())} to {Number(values.Max())})";
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
