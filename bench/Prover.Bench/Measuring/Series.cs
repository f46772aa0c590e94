namespace Init.Prover.Bench.Measuring;

/// <summary>The middle and the ends of some measurements of one thing, to three decimals.</summary>
internal readonly record struct Series(double Median, double Min, double Max)
{
    private const int Decimals = 3;

    /// <param name="values">At least one.</param>
    public static Series Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Series(Math.Round(median, Decimals), Math.Round(sorted[0], Decimals), Math.Round(sorted[^1], Decimals));
    }
}
