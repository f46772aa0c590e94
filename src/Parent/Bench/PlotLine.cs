namespace Init.Parent.Bench;

/// <summary>A line of a plot.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Points">From left to right; not empty.</param>
internal sealed record PlotLine(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>How many lines can be told apart; the page's style sheet has them.</summary>
    public const int Styles = 8;
}
