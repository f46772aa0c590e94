namespace Init.Architecture.Tests;

/// <summary>One row of the table in docs: a room and the rooms it may reference.</summary>
/// <param name="Name">The folder under src/ and the name of its project.</param>
/// <param name="IsInEnclave">Whether it is linked into the enclave's binary.</param>
/// <param name="MayUse">The rooms it may reference.</param>
internal sealed record Room(string Name, bool IsInEnclave, params string[] MayUse)
{
    /// <summary>Every room there may be. A project that is not here fails the build of whoever adds it.</summary>
    public static IReadOnlyList<Room> All { get; } =
    [
        new("Linux", true),
        new("Wire", true),
        new("Nsm", true, "Linux", "Wire"),
        new("Sealing", true, "Wire"),
        new("Prover", true),
        new("Init", true, "Linux", "Wire", "Nsm", "Sealing", "Prover"),
        new("Attestation", false, "Wire"),
        new("Client", false, "Wire", "Sealing", "Attestation", "Linux"),
        new("Eif", false, "Wire"),
        new("Simulator", false, "Wire", "Nsm", "Linux", "Eif"),
        new(
            "Parent", false, "Linux", "Wire", "Nsm", "Sealing", "Prover", "Attestation", "Client", "Eif", "Simulator"),
    ];

    /// <summary>
    /// Where `unsafe`, P/Invoke and raw memory may appear in the enclave's rooms: a folder under src/, with a slash at its end.
    /// </summary>
    public static IReadOnlyList<string> UnsafeFolders { get; } = ["Linux/", "Prover/Native/"];

    /// <summary>Packages an enclave room may name itself: only the compiler that makes it native.</summary>
    public static IReadOnlyList<string> EnclavePackages { get; } = ["Microsoft.DotNet.ILCompiler"];
}
