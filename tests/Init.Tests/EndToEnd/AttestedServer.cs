using System.Security.Cryptography;
using Init.Attestation;
using Init.Client;
using Init.Init.Tests.Server;
using Init.Simulator.SoftwareNsm;
using Init.Testing;

namespace Init.Init.Tests.EndToEnd;

/// <summary>An enclave's server whose documents a development PKI signs for an image of its own, and what its callers know of it.</summary>
internal sealed class AttestedServer : IDisposable
{
    private readonly SoftwareNsmDevice _module;

    /// <param name="pcr0">The image; null for one of its own.</param>
    /// <param name="time">For the server's keys and deadlines; null for the machine's.</param>
    /// <param name="socketPath">Where it listens; null for a place of its own.</param>
    /// <param name="module">Another module's PKI to go on with; null for one of its own.</param>
    public AttestedServer(byte[]? pcr0 = null, ManualTime? time = null, string? socketPath = null, SoftwareNsmDevice? module = null)
    {
        Pcr0 = pcr0 ?? RandomNumberGenerator.GetBytes(48);
        _module = module ?? ModuleOf(Pcr0);
        Server = new TestServer(time: time, device: _module, requiresSealed: true, socketPath: socketPath);
    }

    public byte[] Pcr0 { get; }

    public TestServer Server { get; }

    /// <summary>What a caller demands who means this enclave.</summary>
    public AttestationPolicy Policy => PolicyFor(_module, Pcr0);

    public static SoftwareNsmDevice ModuleOf(byte[] pcr0) => new(
        new SoftwareNsmOptions { Pcrs = new Dictionary<int, ReadOnlyMemory<byte>> { [0] = pcr0, [1] = new byte[48], [2] = new byte[48] } }, TimeProvider.System);

    public static AttestationPolicy PolicyFor(SoftwareNsmDevice module, byte[] pcr0) => new()
    {
        Roots = [AttestationRoot.FromCertificate("development", module.RootCertificate.Span)],
        Pcrs = new Dictionary<int, IReadOnlyList<PcrValue>> { [0] = [PcrValue.Parse(Convert.ToHexString(pcr0))] },
    };

    public static EnclaveAddress AddressOf(string path) => EnclaveAddress.Parse($"unix:{path}");

    public EnclaveClient Connect(EnclaveClientOptions? options = null) =>
        EnclaveClient.Open(AddressOf(Server.SocketPath), TimeSpan.FromSeconds(20), options);

    public void Dispose()
    {
        Server.Dispose();
        _module.Dispose();
    }
}
