namespace Init.Prover.Bench.Measuring;

/// <summary>What one call took.</summary>
/// <param name="Wall">As its caller sees it.</param>
/// <param name="Cpu">User and system, of all threads of the process that did the work.</param>
/// <param name="PeakBytes">The process's largest resident size during the call.</param>
internal readonly record struct Sample(TimeSpan Wall, TimeSpan Cpu, long PeakBytes);

/// <summary>An answer and what it took.</summary>
internal readonly record struct Measured<T>(T Answer, Sample Sample);
