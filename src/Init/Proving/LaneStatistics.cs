namespace Init.Proving;

/// <summary>A lane's state.</summary>
/// <param name="Waiting">Pieces of work that wait.</param>
/// <param name="Running">Pieces of work that have a thread.</param>
/// <param name="Done">Pieces of work that ended, well or not, since the start.</param>
/// <param name="Average">What a piece took, recent ones counting most.</param>
internal sealed record LaneStatistics(int Waiting, int Running, long Done, TimeSpan Average);
