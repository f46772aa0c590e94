using System.Diagnostics;
using System.Net.Sockets;
using Init.Simulator;
using Init.Simulator.Qemu;
using Init.Simulator.VhostUser;

namespace Init.Vsock.Bench;

/// <summary>A guest in QEMU that echoes, takes and sends bytes (tests/guest/raw_echo.c), behind one of the back ends.</summary>
internal sealed class Contestant : IDisposable
{
    private const int MemoryMiB = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("init-");
    private readonly IDisposable _backend;
    private readonly Process _qemu;

    private Contestant(string image, Func<string, string, IDisposable> startBackend)
    {
        string vhost = Path.Combine(_folder.FullName, "vhost");
        HostSocket = Path.Combine(_folder.FullName, "vsock");
        _backend = startBackend(vhost, HostSocket);
        SpinWait.SpinUntil(() => File.Exists(vhost), Patience);
        QemuLocation qemu = QemuLocation.Find();
        QemuPlaces places = new(vhost, NsmSocket: null, Path.Combine(_folder.FullName, "monitor"), Console: null);
        _qemu = Process.Start(new ProcessStartInfo(
            qemu.Program, QemuArguments.For(new QemuEnclaveOptions { ImagePath = image, Append = "quiet" }, qemu, MemoryMiB, TscFrequency.Detect(), places)))!;
    }

    /// <summary>The back end's socket for connections to the guest.</summary>
    public string HostSocket { get; }

    /// <summary>Behind the back end of src/Simulator, in this process.</summary>
    public static Contestant InCSharp(string image) => new(
        image, (vhost, host) => VsockBackend.Start(new VsockBackendOptions { VhostSocketPath = vhost, HostSocketPath = host }));

    /// <summary>Behind the back end in C, a process of its own.</summary>
    public static Contestant InC(string image, string program) => new(
        image, (vhost, host) => new Child(Process.Start(program, ["--socket", vhost, "--uds-path", host, "--guest-cid", "16"])));

    /// <summary>Connects to a port of the guest, once it listens.</summary>
    public Socket Connect(uint port)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Socket socket = GuestPort.ConnectAsync(HostSocket, port).GetAwaiter().GetResult();
                socket.ReceiveTimeout = socket.SendTimeout = (int)Patience.TotalMilliseconds;
                return socket;
            }
            catch (SimulatorException) when (Stopwatch.GetElapsedTime(start) < Patience && !_qemu.HasExited)
            {
                Thread.Sleep(20);
            }
        }
    }

    public void Dispose()
    {
        new Child(_qemu).Dispose();
        _backend.Dispose();
        _folder.Delete(recursive: true);
    }

    private sealed class Child(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
