namespace Init.Parent.Bench;

/// <summary>A vertical axis: ticks at round numbers that cover the values, or at powers of ten.</summary>
internal sealed class PlotAxis
{
    private const int WantedTicks = 5;

    private readonly bool _isLogarithmic;

    private PlotAxis(bool isLogarithmic, IReadOnlyList<double> ticks, Func<double, string> label) =>
        (_isLogarithmic, Ticks, Label) = (isLogarithmic, ticks, label);

    /// <summary>Its ends are the first and the last.</summary>
    public IReadOnlyList<double> Ticks { get; }

    public Func<double, string> Label { get; }

    /// <summary>From 0.</summary>
    public static PlotAxis Linear(double max, Func<double, string> label)
    {
        double raw = Math.Max(max, 1) / WantedTicks, power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = power * (raw / power) switch
        {
            <= 1 => 1,
            <= 2 => 2,
            <= 5 => 5,
            _ => 10,
        };
        step = Math.Max(1, step);
        int count = (int)Math.Ceiling(Math.Max(max, 1) / step);
        return new PlotAxis(false, [.. Enumerable.Range(0, count + 1).Select(i => i * step)], label);
    }

    /// <summary>Between positive values; smaller ones are shown at its foot.</summary>
    public static PlotAxis Logarithmic(double min, double max, Func<double, string> label)
    {
        int first = (int)Math.Floor(Math.Log10(Math.Max(min, 1)));
        int last = Math.Max(first + 1, (int)Math.Ceiling(Math.Log10(Math.Max(max, 1))));
        return new PlotAxis(true, [.. Enumerable.Range(first, last - first + 1).Select(exponent => Math.Pow(10, exponent))], label);
    }

    /// <summary>Where a value stands: 0 at the foot, 1 at the head.</summary>
    public double Place(double value)
    {
        double place = _isLogarithmic
            ? Math.Log10(Math.Max(value, Ticks[0]) / Ticks[0]) / Math.Log10(Ticks[^1] / Ticks[0])
            : value / Ticks[^1];
        return Math.Clamp(place, 0, 1);
    }
}
