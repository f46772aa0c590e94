using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Init.Attestation;
using Init.Client;
using Init.Nsm;
using Init.Simulator.SoftwareNsm;
using Init.Testing;

namespace Init.Init.Tests.InitProcess;

/// <summary>init-process with a software NSM and a parent that answers the heartbeat and takes the failure record.</summary>
internal sealed class BootedProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static int _count;

    private readonly string _folder;
    private readonly string _console;
    private readonly Process _process;
    private readonly ReadOnlyMemory<byte> _root;
    private readonly Socket _heartbeat;
    private readonly Socket _reports;
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly Thread _errorReader;

    public BootedProcess(ProcessPlan plan)
    {
        _folder = Places.Scratch($"ip{Interlocked.Increment(ref _count)}");
        _console = Path.Combine(_folder, "console");
        File.WriteAllBytes(_console, []);
        SoftwareNsmDevice module = plan.Module ?? new SoftwareNsmDevice(new SoftwareNsmOptions(), TimeProvider.System);
        SocketPath = plan.Listen ?? At("listen");
        File.Delete(SocketPath); // of a process that was killed
        _root = module.RootCertificate;
        Nsm = new SoftwareNsmServer(At("nsm"), module) { Faults = plan.Faults };
        _heartbeat = Listen("9000");
        _reports = Listen("9001");
        if (plan.AnswersHeartbeat)
        {
            _ = EchoAsync();
        }

        Report = TakeReportAsync();
        string[] command =
        [
            .. plan.IsFirst ? new[] { "unshare", "--pid", "--fork", "--kill-child", "--mount-proc", Program } : [Program],
            "--listen", SocketPath, "--nsm", At("nsm"), "--crs", plan.Crs ?? Places.CeremonyCrs, "--parent", _folder,
            "--console", plan.Console ?? _console, .. plan.Arguments,
        ];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;

        // A thread of its own: Process's own events would keep one of the pool's, which answer heartbeats.
        _errorReader = new Thread(ReadStandardError) { IsBackground = true };
        _errorReader.Start();
    }

    /// <summary>One that is ready.</summary>
    public static BootedProcess Ready(ProcessPlan plan)
    {
        BootedProcess process = new(plan);
        try
        {
            process.WaitForLine("ready");
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public SoftwareNsmServer Nsm { get; }

    /// <summary>Accepts this process's documents: its NSM's root, PCRs of zeros.</summary>
    public AttestationPolicy Policy => new()
    {
        Roots = [AttestationRoot.FromCertificate("development", _root.Span)],
        AllowDebug = true,
    };

    /// <summary>Where its sockets are.</summary>
    public string Folder => _folder;

    /// <summary>The failure record, once there is one.</summary>
    public Task<byte[]> Report { get; }

    /// <summary>What the parent was sent as heartbeat.</summary>
    public byte[] Heartbeat { get; private set; } = [];

    /// <summary>Where it listens.</summary>
    public string SocketPath { get; }

    /// <summary>Where it listens, for clients.</summary>
    public EnclaveAddress Address => EnclaveAddress.Parse($"unix:{SocketPath}");

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Of one that has ended: how, and what it told of it.</summary>
    public string HowItEnded()
    {
        int code = WaitForExit();
        string record = Report.Wait(TimeSpan.FromSeconds(1)) ? Encoding.ASCII.GetString(Report.Result) : "none";
        return $"it ended with {code}; record: {record}; standard error: {StandardError}; {string.Join('\n', Lines.TakeLast(1))}";
    }

    /// <summary>What it wrote on standard error; whole once <see cref="WaitForExit"/> has returned.</summary>
    public string StandardError => string.Join('\n', _errors).Trim();

    /// <summary>The console's lines.</summary>
    public string[] Lines => File.ReadAllText(_console).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Program => Path.Combine(Places.Root, "out/test/bin/init-process");

    public static string? WhyNot() => Places.Vectors is null ? "skipped: no vectors"
        : !File.Exists(Program) ? "skipped: no out/test/bin/init-process; make test-binaries builds it"
        : null;

    /// <summary>Waits for the server; the process is then ready.</summary>
    public EnclaveClient Connect()
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return EnclaveClient.Open(Address, Patience, new EnclaveClientOptions { Insecure = true, RetryFor = TimeSpan.Zero, MaxConnections = 1 });
            }
            catch (ClientException) when (watch.Elapsed < Patience && !_process.HasExited)
            {
                Thread.Sleep(5); // another process: there is nothing to wait on
            }
        }
    }

    /// <summary>Waits for a line of the console that contains a text.</summary>
    public string WaitForLine(string text)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience)
        {
            bool hasExited = _process.HasExited;
            if (Lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } line)
            {
                return line;
            }

            Assert.False(hasExited, $"ended without '{text}':\n{string.Join('\n', Lines)}\n{StandardError}");
            Thread.Sleep(5);
        }

        throw new TimeoutException($"no '{text}':\n{string.Join('\n', Lines)}");
    }

    /// <summary>The number of the process itself, in a namespace of its own too.</summary>
    public int FindId(bool isFirst)
    {
        if (!isFirst)
        {
            return _process.Id;
        }

        string children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children");
        return int.Parse(children.Trim(), CultureInfo.InvariantCulture);
    }

    public static void Signal(int id, string name) => Run("kill", $"-{name}", $"{id}");

    public static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    /// <summary>SIGKILL, which nothing is told of.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>The exit code: 128 and more is a signal.</summary>
    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Patience), $"does not end:\n{string.Join('\n', Lines)}");
        Assert.True(_errorReader.Join(Patience), "standard error has no end");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _errorReader.Join(Patience);
        _process.Dispose();
        _heartbeat.Dispose();
        _reports.Dispose();
        Nsm.Dispose();
    }

    private string At(string name) => Path.Combine(_folder, name);

    private void ReadStandardError()
    {
        while (_process.StandardError.ReadLine() is { } line)
        {
            _errors.Enqueue(line);
        }
    }

    private Socket Listen(string name)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(At(name)));
        listener.Listen();
        return listener;
    }

    private async Task EchoAsync()
    {
        using Socket connection = await _heartbeat.AcceptAsync();
        byte[] beat = new byte[1];
        int count = await connection.ReceiveAsync(beat);
        Heartbeat = beat[..count];
        await connection.SendAsync(beat.AsMemory(0, count));
    }

    private async Task<byte[]> TakeReportAsync()
    {
        using Socket connection = await _reports.AcceptAsync();
        byte[] record = new byte[1024];
        int total = 0;
        while (await connection.ReceiveAsync(record.AsMemory(total)) is > 0 and var count)
        {
            total += count;
        }

        return record[..total];
    }
}
