using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Init.Client;
using Init.Simulator.SoftwareNsm;
using Init.Testing;

namespace Init.Parent.Tests;

/// <summary>The enclave as an ordinary process, with a software NSM whose root certificate lies in a file.</summary>
public sealed class RunningEnclave : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static int _count;

    private readonly SoftwareNsmServer? _nsm;
    private readonly Process? _process;

    public RunningEnclave()
    {
        if (CommandFactAttribute.WhyNot() is not null)
        {
            Folder = Address = RootCertificate = "";
            return;
        }

        // A short name: a Unix socket's path has 107 bytes at most.
        Folder = Places.Scratch(string.Create(CultureInfo.InvariantCulture, $"re{Interlocked.Increment(ref _count)}"));
        SoftwareNsmDevice device = new(new SoftwareNsmOptions { Pcrs = new Dictionary<int, ReadOnlyMemory<byte>> { [0] = Pcr0 } }, TimeProvider.System);
        RootCertificate = Path.Combine(Folder, "root.pem");
        File.WriteAllText(RootCertificate, PemEncoding.WriteString("CERTIFICATE", device.RootCertificate.Span));
        _nsm = new SoftwareNsmServer(Path.Combine(Folder, "nsm"), device);
        string socket = Path.Combine(Folder, "s");
        Address = "unix:" + socket;
        ProcessStartInfo start = new(
            Program, ["--listen", socket, "--nsm", Path.Combine(Folder, "nsm"), "--crs", Places.CeremonyCrs, "init.heartbeat=off"])
        {
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        string log = "";
        while (_process.StandardError.ReadLine() is { } line)
        {
            log += line + "\n";
            if (line.StartsWith("[init] ready", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException($"the enclave ended:\n{log}");
    }

    public static string Program => Path.Combine(Places.Root, "out/test/bin/init-process");

    /// <summary>What the NSM says of the image.</summary>
    public static byte[] Pcr0 { get; } = [.. Enumerable.Repeat((byte)0x11, 48)];

    public string Folder { get; }

    public string Address { get; }

    public string RootCertificate { get; }

    /// <summary>SIGSTOP, SIGCONT: a stall.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void WaitForExit() => Assert.True(_process!.WaitForExit(Patience));

    public EnclaveClient Connect() => EnclaveClient.Open(EnclaveAddress.Parse(Address), Patience, new EnclaveClientOptions { Insecure = true, RetryFor = TimeSpan.Zero });

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        _nsm?.Dispose();
    }
}
