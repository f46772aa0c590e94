using Init.Prover;
using Init.Prover.Noir;

namespace Init.Testing;

/// <summary>A circuit of the shared vectors or of tests/circuits, with its witness.</summary>
public sealed class TestCircuit
{
    private TestCircuit(string folder)
    {
        Folder = folder;
        Program = Path.Combine(folder, "prog.json");
        WitnessPath = Path.Combine(folder, "witness.gz");
        Circuit = new Circuit(NoirProgram.ExtractBytecode(File.ReadAllBytes(Program)), Path.GetFileName(folder));
        Witness = File.ReadAllBytes(WitnessPath);
    }

    public string Folder { get; }

    public string Program { get; }

    public string WitnessPath { get; }

    public Circuit Circuit { get; }

    public byte[] Witness { get; }

    /// <summary>One of <c>tiny</c>, <c>small</c>, <c>medium</c>, <c>large</c>.</summary>
    public static TestCircuit Named(string name) =>
        new(Places.Vector("circuits/" + name));

    /// <summary>One of tests/circuits, which are in every checkout.</summary>
    public static TestCircuit OfProject(string name) => new(Path.Combine(Places.Root, "tests/circuits", name));
}
