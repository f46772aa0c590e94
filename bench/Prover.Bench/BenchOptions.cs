namespace Init.Prover.Bench;

/// <summary>What is measured, and how often.</summary>
internal sealed record BenchOptions
{
    /// <summary>Names below the vectors' circuits folder, in ascending size.</summary>
    public required IReadOnlyList<string> Circuits { get; init; }

    public required IReadOnlyList<int> Threads { get; init; }

    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>The most rounds; the budget may end them earlier.</summary>
    public required int Rounds { get; init; }

    /// <summary>Of them, those in which bb as a process takes part where the circuit is large.</summary>
    public required int LargeProcessRounds { get; init; }

    /// <summary>The turns of bb.js, at the end, where there is time.</summary>
    public required int BbJsRounds { get; init; }

    /// <summary>How long the whole run may take (<see cref="Rounds"/>).</summary>
    public required TimeSpan Budget { get; init; }

    /// <summary>Instruction sets that we do without, so that what a lesser CPU would do can be measured on a better one.</summary>
    public required CpuFeatures Without { get; init; }

    /// <summary>The same as the command line has it.</summary>
    public required string Cpu { get; init; }

    public required string CrsFolder { get; init; }

    public required string JsonPath { get; init; }

    public required string ReportPath { get; init; }
}

/// <summary>What is asked of every contestant.</summary>
internal enum Operation
{
    /// <summary>Compute the verification key.</summary>
    Key,

    /// <summary>Prove, with the key given, without verifying.</summary>
    Prove,

    /// <summary>Verify another contestant's proof.</summary>
    Verify,
}
