using Init.Attestation;
using Init.Client;
using Init.Init.Tests.Server;
using Init.Linux;

namespace Init.Campaign.Tests.Load;

/// <summary>An enclave that runs, wherever: how it is reached, and what its callers know of it.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="ConnectRaw">A connection without a client.</param>
/// <param name="Policy">What its document must be.</param>
/// <param name="Circuit">What is proved.</param>
/// <param name="LargerCircuit">One that does not fit the reference string.</param>
/// <param name="IsAlive">Whether it has not ended.</param>
/// <param name="Patience">For one answer.</param>
internal sealed record SoakTarget(
    EnclaveAddress Address,
    Func<IDescriptor> ConnectRaw,
    AttestationPolicy Policy,
    KnownCircuit Circuit,
    ReadOnlyMemory<byte> LargerCircuit,
    Func<bool> IsAlive,
    TimeSpan Patience)
{
    /// <summary>Plain, each call once but for a connection that had been idle.</summary>
    public EnclaveClient ConnectPlain() =>
        EnclaveClient.Open(Address, Patience, new EnclaveClientOptions { Insecure = true, RetryFor = TimeSpan.FromSeconds(1), MaxConnections = 1 });

    /// <summary>As programs use it: attested, sealed, tried again.</summary>
    public async Task<EnclaveClient> ConnectSealedAsync()
    {
        EnclaveClient client = EnclaveClient.Open(Address, Patience, new EnclaveClientOptions { RetryFor = Patience });
        await client.AttestAsync(Policy);
        return client;
    }

    public RawClient Raw() => new(ConnectRaw());
}
