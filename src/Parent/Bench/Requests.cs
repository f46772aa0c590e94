using System.Security.Cryptography;
using Init.Client;
using Init.Wire;

namespace Init.Parent.Bench;

/// <summary>Sends the requests of a mix. What they carry is read once.</summary>
internal sealed record Requests
{
    private const int NonceBytes = 32;

    private readonly Dictionary<int, byte[]> _echoes = [];

    /// <summary>For vk and prove; the enclave keeps it, and requests name it by its digest.</summary>
    public ReadOnlyMemory<byte> Bytecode { get; init; }

    /// <summary>For prove.</summary>
    public ReadOnlyMemory<byte> Witness { get; init; }

    /// <summary>For verify; for prove where there is one, which saves computing it.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>For verify.</summary>
    public ReadOnlyMemory<byte> Proof { get; init; }

    /// <summary>For verify.</summary>
    public ReadOnlyMemory<byte> PublicInputs { get; init; }

    /// <summary>What kind of proof.</summary>
    public ProveSettings Settings { get; init; } = new();

    private CircuitSource? Circuit { get; set; }

    /// <summary>Has the enclave keep the circuit, where there is one.</summary>
    public async Task PrepareAsync(EnclaveClient client, Mix mix, CancellationToken cancellation)
    {
        foreach (MixPart part in mix.Parts.Where(part => part.Workload == Workload.Echo))
        {
            _echoes[part.EchoBytes] = RandomNumberGenerator.GetBytes(part.EchoBytes);
        }

        if (!Bytecode.IsEmpty)
        {
            Circuit = new CircuitSource.StoredCircuit((await client.StoreCircuitAsync(Bytecode, cancellation)).Sha256.ToArray());
        }
    }

    /// <summary>Sends one and waits for its answer.</summary>
    /// <exception cref="ClientException">It failed. Protocol: an echo that is not what was sent, a proof that does not verify.</exception>
    public async Task SendAsync(EnclaveClient client, MixPart part, CancellationToken cancellation)
    {
        switch (part.Workload)
        {
            case Workload.Hello:
                await client.HelloAsync(cancellation);
                break;
            case Workload.Health:
                await client.HealthAsync(cancellation);
                break;
            case Workload.Echo:
                byte[] sent = _echoes[part.EchoBytes];
                Require((await client.EchoAsync(sent, cancellation)).Data.Span.SequenceEqual(sent), "echo: other bytes came back");
                break;
            case Workload.Attest:
                await client.FetchAttestationAsync(RandomNumberGenerator.GetBytes(NonceBytes), default, cancellation);
                break;
            case Workload.Vk:
                await client.ComputeKeyAsync(new VkRequest(Circuit!, Settings), cancellation);
                break;
            case Workload.Prove:
                await client.ProveAsync(new ProveRequest { Circuit = Circuit!, Witness = Witness, Key = Key, Settings = Settings }, progress: null, cancellation);
                break;
            default:
                Require((await client.VerifyAsync(new VerifyRequest(Key, Proof, PublicInputs, Settings), cancellation)).Valid, "verify: it does not");
                break;
        }
    }

    private static void Require(bool isRight, string otherwise)
    {
        if (!isRight)
        {
            throw new ClientException(ClientError.Protocol, otherwise);
        }
    }
}
