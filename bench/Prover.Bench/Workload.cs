using Init.Prover.Barretenberg;
using Init.Prover.Gzip;
using Init.Prover.Noir;

namespace Init.Prover.Bench;

/// <summary>A circuit of the shared vectors with its witness, as files and as bytes.</summary>
internal sealed class Workload
{
    private readonly byte[] _bytecode;

    public Workload(string folder)
    {
        Name = Path.GetFileName(folder);
        ProgramPath = Path.Combine(folder, "prog.json");
        WitnessPath = Path.Combine(folder, "witness.gz");
        _bytecode = NoirProgram.ExtractBytecode(File.ReadAllBytes(ProgramPath));
        WitnessGzip = File.ReadAllBytes(WitnessPath);
    }

    public string Name { get; }

    public string ProgramPath { get; }

    public string WitnessPath { get; }

    public ReadOnlyMemory<byte> WitnessGzip { get; }

    /// <summary>The verification key, once someone has computed it; all contestants must agree on it.</summary>
    public ReadOnlyMemory<byte> Key { get; private set; }

    public CircuitStatistics? Size { get; set; }

    /// <summary>Made anew for each request, as a server does.</summary>
    public Circuit NewCircuit() => new(_bytecode, Name);

    public GzipPayload NewWitness() => new("witness", WitnessGzip, BarretenbergProver.MaxWitnessBytes);

    /// <summary>Takes a contestant's key.</summary>
    /// <exception cref="BenchException">It differs from the one before.</exception>
    public void AcceptKey(ReadOnlyMemory<byte> key, string contestant)
    {
        if (!Key.IsEmpty && !Key.Span.SequenceEqual(key.Span))
        {
            throw new BenchException($"compare keys of {Name}: {contestant}'s differs");
        }

        Key = key;
    }
}
