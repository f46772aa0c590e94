using System.Security.Cryptography;
using Init.Attestation;
using Init.Wire;

namespace Init.Client;

/// <summary>The enclave's operations as calls.</summary>
/// <remarks>
/// Any number of calls at a time, from any thread. After <see cref="AttestAsync"/> everything that can have secrets is sealed to the attested key, and
/// nobody else can have made its answer. Without it such calls fail before a byte is sent, unless <see cref="EnclaveClientOptions.Insecure"/>.
/// </remarks>
public sealed partial class EnclaveClient : IDisposable
{
    private const int NonceBytes = 32;

    private readonly ConnectionPool _connections;
    private readonly EnclaveClientOptions _options;
    private readonly CircuitHashes _stored = new();
    private readonly SemaphoreSlim _attesting = new(1);
    private Trust? _trust;

    /// <summary>The enclave that requests are sealed to now; null until one has attested.</summary>
    public AttestedEnclave? Attested => _trust?.Enclave;

    private EnclaveClient(ConnectionPool connections, EnclaveClientOptions options) => (_connections, _options) = (connections, options);

    /// <summary>Connects.</summary>
    /// <param name="address">Where the enclave listens.</param>
    /// <param name="connectTimeout">How long to wait for it, now and whenever the connection was lost.</param>
    /// <param name="options">What the client does by itself.</param>
    /// <exception cref="ClientException">Unreachable.</exception>
    public static EnclaveClient Open(EnclaveAddress address, TimeSpan connectTimeout, EnclaveClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new EnclaveClientOptions();
        ConnectionPool connections = new(address, connectTimeout, options.MaxConnections);
        connections.Open();
        return new EnclaveClient(connections, options);
    }

    /// <summary>Verifies that the enclave is the one that the policy means, now; later calls are sealed to its key.</summary>
    /// <param name="policy">Names an image (<see cref="AttestationPolicy.NamesImage"/>), or allows debug mode and then accepts nothing else.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClientException">AttestationRefused, NotAttested: the policy names no image; and what every call throws.</exception>
    /// <exception cref="AttestationException">Policy.</exception>
    public async Task<AttestedEnclave> AttestAsync(AttestationPolicy policy, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (!policy.AllowDebug && !policy.NamesImage)
        {
            throw new ClientException(ClientError.NotAttested, "attest: the policy names no image, so that any enclave would do");
        }

        AttestationVerifier verifier = new(policy, _options.Time);
        bool onlyDebug = !policy.NamesImage;
        AttestedEnclave enclave = await AttestOnceAsync(verifier, onlyDebug, cancellation).ConfigureAwait(false);
        _trust = new Trust(verifier, onlyDebug, enclave);
        return enclave;
    }

    /// <summary>An attestation document over a nonce and data of the caller's. Nothing of it is verified here.</summary>
    /// <param name="nonce">At most 512 bytes.</param>
    /// <param name="userData">At most 256 bytes: a field of the enclave's statement.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<AttestReply> FetchAttestationAsync(
        ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> userData, CancellationToken cancellation = default) =>
        CallAsync<AttestReply>(new AttestRequest(nonce, userData), cancellation);

    /// <summary>Version, limits and build, as whoever answers says.</summary>
    public Task<HelloReply> HelloAsync(CancellationToken cancellation = default) =>
        CallAsync<HelloReply>(new HelloRequest(ProtocolVersion.Lowest, ProtocolVersion.Highest), cancellation);

    /// <summary>How the enclave is, as whoever answers says.</summary>
    public Task<HealthReply> HealthAsync(CancellationToken cancellation = default) =>
        CallAsync<HealthReply>(new HealthRequest(), cancellation);

    /// <summary>Proves. The circuit is sent once; later calls name it by its hash, as long as the enclave has it.</summary>
    /// <param name="circuit">ACIR, gzip as Noir writes it.</param>
    /// <param name="witness">Noir's <c>witness.gz</c>.</param>
    /// <param name="options">What kind of proof.</param>
    /// <param name="progress">Told of progress events, on a connection's reading thread.</param>
    /// <param name="cancellation">Gives up, and tells the enclave so.</param>
    public Task<ProveReply> ProveAsync(
        ReadOnlyMemory<byte> circuit,
        ReadOnlyMemory<byte> witness,
        ProofOptions? options = null,
        IProgress<ProgressEvent>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new ProofOptions();
        return ByHashAsync(
            circuit,
            source => CallAsync<ProveReply>(
                new ProveRequest
                {
                    Circuit = source,
                    Witness = witness,
                    Settings = options.Settings,
                    Key = options.Key,
                    SkipVerification = options.SkipVerification,
                    WantsProgress = progress is not null,
                    DeadlineMs = options.DeadlineMs,
                },
                cancellation,
                progress),
            cancellation);
    }

    /// <summary>Proves, by a request as the protocol has it.</summary>
    public Task<ProveReply> ProveAsync(
        ProveRequest request, IProgress<ProgressEvent>? progress = null, CancellationToken cancellation = default) =>
        CallAsync<ProveReply>(request, cancellation, progress);

    /// <summary>Computes a circuit's verification key. The circuit is sent once, as for a proof.</summary>
    public Task<VkReply> ComputeKeyAsync(ReadOnlyMemory<byte> circuit, ProveSettings settings, CancellationToken cancellation = default) =>
        ByHashAsync(circuit, source => CallAsync<VkReply>(new VkRequest(source, settings), cancellation), cancellation);

    /// <summary>Computes a verification key, by a request as the protocol has it.</summary>
    public Task<VkReply> ComputeKeyAsync(VkRequest request, CancellationToken cancellation = default) =>
        CallAsync<VkReply>(request, cancellation);

    /// <summary>Verifies a proof.</summary>
    public Task<VerifyReply> VerifyAsync(VerifyRequest request, CancellationToken cancellation = default) =>
        CallAsync<VerifyReply>(request, cancellation);

    /// <summary>Stores a circuit, for later requests to name it by hash.</summary>
    public Task<CircuitReply> StoreCircuitAsync(ReadOnlyMemory<byte> circuit, CancellationToken cancellation = default) =>
        CallAsync<CircuitReply>(new CircuitRequest(circuit), cancellation);

    /// <summary>Sends bytes there and back; sealed, once the enclave is attested.</summary>
    public Task<EchoReply> EchoAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation = default) =>
        CallAsync<EchoReply>(new EchoRequest(data), cancellation);

    /// <summary>Asks the enclave to finish what it is doing and end.</summary>
    public Task<ShutdownReply> ShutDownAsync(CancellationToken cancellation = default) =>
        CallAsync<ShutdownReply>(new ShutdownRequest(), cancellation);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _connections.Dispose();

    private async Task<T> ByHashAsync<T>(ReadOnlyMemory<byte> circuit, Func<CircuitSource, Task<T>> call, CancellationToken cancellation)
    {
        CircuitSource.StoredCircuit stored = new(SHA256.HashData(circuit.Span));
        if (_stored.Contains(stored.Sha256))
        {
            try
            {
                return await call(stored).ConfigureAwait(false);
            }
            catch (ClientException exception) when (exception.Reply?.Code == ErrorCode.NotFound)
            {
                _stored.Remove(stored.Sha256); // dropped for others, or the enclave is another one now
            }
        }

        CircuitReply reply = await StoreCircuitAsync(circuit, cancellation).ConfigureAwait(false);
        if (!reply.Sha256.Span.SequenceEqual(stored.Sha256.Span))
        {
            throw new ClientException(ClientError.Protocol, "store circuit: another one was stored");
        }

        T result;
        try
        {
            result = await call(stored).ConfigureAwait(false);
        }
        catch (ClientException exception) when (exception.Reply?.Code == ErrorCode.NotFound)
        {
            return await call(new CircuitSource.InlineCircuit(circuit)).ConfigureAwait(false); // an enclave that keeps none
        }

        _stored.Add(stored.Sha256);
        return result;
    }

    private async Task<AttestedEnclave> AttestOnceAsync(AttestationVerifier verifier, bool onlyDebug, CancellationToken cancellation)
    {
        byte[] nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        AttestReply reply = await FetchAttestationAsync(nonce, default, cancellation).ConfigureAwait(false);
        AttestedEnclave enclave = AttestedEnclave.Of(reply.Document, nonce, verifier);
        return !onlyDebug || enclave.Report.IsDebug
            ? enclave
            : throw new ClientException(
                ClientError.AttestationRefused, "attest: the policy names no image and the enclave is not in debug mode, so that any would do");
    }

    /// <summary>What the caller demands of the enclave, and the enclave that met it last.</summary>
    /// <param name="Verifier">With the caller's policy.</param>
    /// <param name="OnlyDebug">The policy names no image: nothing but debug mode is meant, where there are no measurements.</param>
    /// <param name="Enclave">It.</param>
    private sealed record Trust(AttestationVerifier Verifier, bool OnlyDebug, AttestedEnclave Enclave);
}
