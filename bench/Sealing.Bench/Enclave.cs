using System.Diagnostics;
using Init.Attestation;
using Init.Client;
using Init.Simulator.SoftwareNsm;

namespace Init.Sealing.Bench;

/// <summary>The enclave as an ordinary process, so that no emulated processor is measured, with a software NSM.</summary>
internal sealed class Enclave : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("init-sealing-bench").FullName;
    private readonly SoftwareNsmDevice _module;
    private readonly SoftwareNsmServer _nsm;
    private readonly Process _process;
    private readonly byte[] _pcr0 = [.. Enumerable.Repeat((byte)1, 48)];

    public Enclave(string root)
    {
        _module = new SoftwareNsmDevice(
            new SoftwareNsmOptions { Pcrs = new Dictionary<int, ReadOnlyMemory<byte>> { [0] = _pcr0 } }, TimeProvider.System);
        _nsm = new SoftwareNsmServer(At("nsm"), _module);
        _process = Process.Start(new ProcessStartInfo(
            Path.Combine(root, "out/test/bin-dev-srs/init-process"),
            ["--listen", At("s"), "--nsm", At("nsm"), "--crs", Path.Combine(root, "out/test/dev-srs"), "init.heartbeat=off", "init.crs_points=1024"])
        {
            RedirectStandardError = true,
        })!;
        while (_process.StandardError.ReadLine() is { } line)
        {
            if (line.StartsWith("[init] ready", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException("the enclave ended before it was ready");
    }

    /// <summary>User and system time so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>A client that sends in the open.</summary>
    public EnclaveClient ConnectPlain() => Open(new EnclaveClientOptions { Insecure = true, RetryFor = TimeSpan.Zero, MaxConnections = 1 });

    /// <summary>A client that seals.</summary>
    public async Task<EnclaveClient> ConnectSealedAsync()
    {
        EnclaveClient client = Open(new EnclaveClientOptions { RetryFor = TimeSpan.Zero, MaxConnections = 1 });
        await client.AttestAsync(new AttestationPolicy
        {
            Roots = [AttestationRoot.FromCertificate("development", _module.RootCertificate.Span)],
            Pcrs = new Dictionary<int, IReadOnlyList<PcrValue>> { [0] = [PcrValue.Parse(Convert.ToHexString(_pcr0))] },
        });
        return client;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _nsm.Dispose();
        _module.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private EnclaveClient Open(EnclaveClientOptions options) => EnclaveClient.Open(EnclaveAddress.Parse($"unix:{At("s")}"), Patience, options);

    private string At(string name) => Path.Combine(_folder, name);
}
