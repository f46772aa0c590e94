using Init.Testing;

namespace Init.Prover.DevSrs.Tests;

/// <summary>A circuit of tests/chonk with its witness, and the key that native bb computed.</summary>
/// <param name="Name">Its folder.</param>
public sealed record ChonkCircuit(string Name)
{
    /// <summary>The stack, in order.</summary>
    public static ChonkCircuit[] Stack { get; } = [new("app"), new("kernel_init"), new("kernel_tail"), new("hiding")];

    /// <summary>The last one, whose key the proof verifies with.</summary>
    public static ChonkCircuit Hiding => Stack[^1];

    public static string Folder { get; } = Path.Combine(Places.Root, "tests/chonk");

    public Circuit Circuit => new(Read("bytecode.gz"), Name);

    public byte[] Witness => Read("witness.gz");

    public byte[] Key => Read("vk");

    private byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder, "circuits", Name, file));
}
