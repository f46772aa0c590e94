using Init.Testing;
using Init.Wire;

namespace Init.Init.Tests.Server;

/// <summary>Requests that tests send.</summary>
internal static class Requests
{
    /// <summary>Bytecode as far as the enclave looks at it without the prover: gzip.</summary>
    public static byte[] Bytecode(int seed = 1) => GzipBytes.Compress([1, 2, 3, (byte)seed]);

    public static ProveRequest Prove(bool wantsProgress = false, uint deadlineMs = 0, CircuitSource? circuit = null) => new()
    {
        Circuit = circuit ?? new CircuitSource.InlineCircuit(Bytecode()),
        Witness = new byte[] { 9, 9, 9 },
        Settings = new ProveSettings(),
        WantsProgress = wantsProgress,
        DeadlineMs = deadlineMs,
    };

    public static VerifyRequest Verify(byte verdict) =>
        new(new byte[] { 7 }, new[] { verdict }, ReadOnlyMemory<byte>.Empty, new ProveSettings());
}
