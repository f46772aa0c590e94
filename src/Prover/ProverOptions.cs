namespace Init.Prover;

/// <summary>Resources of a prover. Each instance, that is each request in flight, may use up to these.</summary>
public sealed record ProverOptions
{
    /// <summary>Threads of one instance, the calling one included: 1 to 64. By default the CPUs present.</summary>
    public int Threads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 64);

    /// <summary>Stack of one prover thread in bytes, 64 KiB to 1 GiB; only what is touched takes memory.</summary>
    public long StackBytes { get; init; } = 64L << 20;

    /// <summary>Linear memory of one instance in bytes, 4 MiB to 4 GiB, which is WebAssembly's ceiling.</summary>
    public long MemoryLimitBytes { get; init; } = 4L << 30;

    /// <summary>Instruction sets that native arithmetic leaves alone, in the whole process: for tests and benchmarks.</summary>
    public CpuFeatures Without { get; init; }
}
