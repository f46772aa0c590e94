using Init.Wire;

namespace Init.Client;

/// <summary>The enclave's operations as calls, on one connection.</summary>
/// <remarks>Nothing is sealed and nothing is attested here: whoever is on the way reads and may answer in the enclave's place.</remarks>
public sealed class EnclaveClient(EnclaveConnection connection) : IDisposable
{
    /// <summary>Connects.</summary>
    /// <exception cref="ClientException">Unreachable.</exception>
    public static EnclaveClient Open(EnclaveAddress address, TimeSpan timeout) => new(EnclaveConnection.Open(address, timeout));

    /// <summary>Version, limits and build.</summary>
    public Task<HelloReply> HelloAsync(CancellationToken cancellation = default) =>
        CallAsync<HelloReply>(new HelloRequest(ProtocolVersion.Lowest, ProtocolVersion.Highest), cancellation);

    /// <summary>How the enclave is.</summary>
    public Task<HealthReply> HealthAsync(CancellationToken cancellation = default) =>
        CallAsync<HealthReply>(new HealthRequest(), cancellation);

    /// <summary>An attestation document over a nonce and data of the caller's; not verified here.</summary>
    public Task<AttestReply> AttestAsync(ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> userData, CancellationToken cancellation = default) =>
        CallAsync<AttestReply>(new AttestRequest(nonce, userData), cancellation);

    /// <summary>Stores a circuit, for later requests to name it by hash.</summary>
    public Task<CircuitReply> StoreCircuitAsync(ReadOnlyMemory<byte> bytecodeGzip, CancellationToken cancellation = default) =>
        CallAsync<CircuitReply>(new CircuitRequest(bytecodeGzip), cancellation);

    /// <summary>Proves.</summary>
    public Task<ProveReply> ProveAsync(
        ProveRequest request, IProgress<ProgressEvent>? progress = null, CancellationToken cancellation = default) =>
        CallAsync<ProveReply>(request, cancellation, progress);

    /// <summary>Verifies a proof.</summary>
    public Task<VerifyReply> VerifyAsync(VerifyRequest request, CancellationToken cancellation = default) =>
        CallAsync<VerifyReply>(request, cancellation);

    /// <summary>Computes a circuit's verification key.</summary>
    public Task<VkReply> ComputeKeyAsync(VkRequest request, CancellationToken cancellation = default) =>
        CallAsync<VkReply>(request, cancellation);

    /// <summary>Sends bytes there and back.</summary>
    public Task<EchoReply> EchoAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation = default) =>
        CallAsync<EchoReply>(new EchoRequest(data), cancellation);

    /// <summary>Asks the enclave to finish what it is doing and end.</summary>
    public Task<ShutdownReply> ShutDownAsync(CancellationToken cancellation = default) =>
        CallAsync<ShutdownReply>(new ShutdownRequest(), cancellation);

    /// <summary>Closes the connection.</summary>
    public void Dispose() => connection.Dispose();

    private async Task<T> CallAsync<T>(Request request, CancellationToken cancellation, IProgress<ProgressEvent>? progress = null)
        where T : Reply => (T)await connection.SendAsync(request, progress, cancellation).ConfigureAwait(false);
}
