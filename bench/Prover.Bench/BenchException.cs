namespace Init.Prover.Bench;

/// <summary>The benchmark cannot go on, or a contestant's answer is wrong: operation, object, cause.</summary>
internal sealed class BenchException(string message) : Exception(message);
