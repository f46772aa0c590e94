using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Init.Linux;
using Init.Simulator.VhostUser;
using Init.Simulator.VhostUser.Nsm;

namespace Init.Simulator.Qemu;

/// <summary>An enclave image that runs in QEMU's nitro-enclave machine, with its vsock, its console and what a parent does at boot.</summary>
/// <remarks>
/// Not Nitro: the NSM's documents are unsigned or signed by a development PKI, there is neither kvm-clock nor a PTP clock, the processor is
/// emulated (TCG), and PCRs are the image's even where the console is read, which on Nitro is debug mode and makes them zero.
/// </remarks>
public sealed partial class QemuEnclave : IDisposable
{
    private static readonly TimeSpan ConnectEvery = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("init-");
    private readonly QemuEnclaveOptions _options;
    private readonly List<IDisposable> _parts = [];
    private readonly StringBuilder _errors = new();
    private readonly Process _process;
    private readonly ParentServices _services;
    private readonly QemuMonitor _monitor;
    private readonly long _start;
    private Pipe? _blockedConsole;
    private bool _isDisposed;

    private QemuEnclave(QemuEnclaveOptions options, QemuLocation qemu, int memoryMiB)
    {
        _options = options;
        _start = options.Time.GetTimestamp();
        bool isStarted = false;
        try
        {
            SocketPath = options.SocketPath ?? Path.Combine(_folder.FullName, "vsock");
            string? nsmSocket = options.Nsm == NsmKind.Software ? Path.Combine(_folder.FullName, "nsm") : null;
            var places = new QemuPlaces(
                Path.Combine(_folder.FullName, "vhost"), nsmSocket, Path.Combine(_folder.FullName, "monitor"), StartConsole());
            _monitor = new QemuMonitor(places.MonitorSocket);
            Vsock = Keep(VsockBackend.Start(new VsockBackendOptions
            {
                VhostSocketPath = places.VhostSocket,
                HostSocketPath = SocketPath,
                Time = options.Time,
            }));
            Nsm = nsmSocket is null ? null : Keep(NsmBackend.Start(nsmSocket, ModuleOf(options)));
            _services = Keep(new ParentServices(SocketPath, options, _start));
            MemoryMiB = memoryMiB;
            Qemu = qemu;
            _process = StartQemu(qemu.Program, QemuArguments.For(options, qemu, memoryMiB, TscFrequency.Detect(), places));
            Exited = WaitForExitAsync();
            isStarted = true;
        }
        finally
        {
            if (!isStarted)
            {
                DisposeParts();
            }
        }
    }

    /// <summary>The Unix socket to the guest's ports: <c>CONNECT port\n</c>.</summary>
    public string SocketPath { get; }

    /// <summary>The guest's memory.</summary>
    public int MemoryMiB { get; }

    /// <summary>The QEMU that runs it.</summary>
    public QemuLocation Qemu { get; }

    /// <summary>QEMU's process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The console; null unless it is read.</summary>
    public ConsoleLog? Console { get; private set; }

    /// <summary>The vsock back end.</summary>
    public VsockBackend Vsock { get; }

    /// <summary>The software NSM; null where the guest has QEMU's.</summary>
    public NsmBackend? Nsm { get; }

    /// <summary>When the boot heartbeat came, after QEMU's start. Never, when it is not answered.</summary>
    public Task<TimeSpan> Heartbeat => _services.Heartbeat;

    /// <summary>The failure report of an enclave that could not boot.</summary>
    public Task<FailureReport> Failure => _services.Failure;

    /// <summary>QEMU's end: the guest rebooted, QEMU failed, or it was killed.</summary>
    public Task<QemuExit> Exited { get; }

    /// <summary>How long ago QEMU was started.</summary>
    public TimeSpan Uptime => _options.Time.GetElapsedTime(_start);

    /// <summary>Boots an image. Returns as soon as QEMU runs.</summary>
    /// <exception cref="SimulatorException">
    /// ImageInvalid, MemoryTooSmall, QemuMissing, QemuWithoutSoftwareNsm, QemuFailed, SocketInUse, SocketPathTooLong.
    /// </exception>
    public static QemuEnclave Start(QemuEnclaveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        int memory = CheckMemory(options, ImageBytes(options.ImagePath));
        QemuLocation qemu = options.Qemu ?? QemuLocation.Find();
        if (options.Nsm == NsmKind.Software)
        {
            qemu.CheckSoftwareNsm();
        }

        return new QemuEnclave(options, qemu, memory);
    }

    /// <summary>Connects to a port of the guest.</summary>
    /// <exception cref="SimulatorException">ConnectionRefused: nobody listens there, or the guest is not up.</exception>
    public Task<Socket> ConnectAsync(uint port, CancellationToken cancellationToken = default) =>
        GuestPort.ConnectAsync(SocketPath, port, cancellationToken);

    /// <summary>Connects to a port of the guest as soon as somebody listens there.</summary>
    /// <exception cref="SimulatorException">TimedOut, or QemuFailed when QEMU has ended.</exception>
    public async Task<Socket> ConnectWhenUpAsync(uint port, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        long start = _options.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await ConnectAsync(port, cancellationToken).ConfigureAwait(false);
            }
            catch (SimulatorException) when (Exited.IsCompleted)
            {
                QemuExit exit = await Exited.ConfigureAwait(false);
                throw new SimulatorException(SimulatorError.QemuFailed, $"connect to the enclave's port {port}: QEMU ended with {exit.Code}: {exit.Errors}");
            }
            catch (SimulatorException) when (_options.Time.GetElapsedTime(start) > timeout)
            {
                throw new SimulatorException(SimulatorError.TimedOut, $"connect to the enclave's port {port}: nobody for {timeout.TotalSeconds:F0} s");
            }
            catch (SimulatorException)
            {
                await Task.Delay(ConnectEvery, _options.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Runs a command of QEMU's monitor: <c>quit</c>, <c>stop</c>, <c>cont</c>, <c>info registers</c>.</summary>
    /// <exception cref="SimulatorException">QemuFailed.</exception>
    public Task<string> MonitorAsync(string command, CancellationToken cancellationToken = default) => _monitor.RunAsync(command, cancellationToken);

    /// <summary>Reads a console that was <see cref="ConsoleMode.Blocked"/> from now on, which lets whoever sleeps on it go on.</summary>
    /// <exception cref="InvalidOperationException">The console is not blocked.</exception>
    public ConsoleLog DrainConsole()
    {
        Pipe pipe = _blockedConsole ?? throw new InvalidOperationException("the console is not blocked");
        _blockedConsole = null;
        return Console = Keep(new ConsoleLog(pipe, _options.Time, _options.OnConsoleLine));
    }

    /// <summary>Waits for QEMU's end.</summary>
    /// <exception cref="SimulatorException">TimedOut.</exception>
    public async Task<QemuExit> WaitForExitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Exited.WaitAsync(timeout, _options.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new SimulatorException(SimulatorError.TimedOut, $"wait {timeout.TotalSeconds:F0} s for the enclave to end: it runs on");
        }
    }

    /// <summary>Ends the machine at once, as a parent that terminates an enclave does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ends the machine and everything around it; removes the sockets.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _process.Kill();
        _process.WaitForExit();
        DisposeParts();
        _process.Dispose();
    }
}
