using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Init.Client;
using Init.Simulator.Qemu;

namespace Init.Enclave.Bench;

/// <summary>A booted guest.</summary>
internal sealed class Guest : IDisposable
{
    private const int MemoryMiB = 512;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ConcurrentQueue<(string Text, Moment When)> _lines = new();
    private readonly QemuEnclave _machine;

    private Guest(string image) => _machine = QemuEnclave.Start(new QemuEnclaveOptions
    {
        ImagePath = image,
        MemoryMiB = MemoryMiB,
        OnConsoleLine = Note,
    });

    public EnclaveAddress Address => EnclaveAddress.Parse("simulator:" + _machine.SocketPath);

    /// <summary>The console's lines so far, and when they came.</summary>
    public IEnumerable<(string Text, Moment When)> Lines => _lines;

    /// <summary>Boots an image, without waiting for anything.</summary>
    /// <param name="image">The image.</param>
    public static Guest Start(string image) => new(image);

    /// <summary>When the heartbeat came.</summary>
    public async Task<Moment> HeartbeatAsync()
    {
        TimeSpan since = await _machine.Heartbeat.WaitAsync(Patience).ConfigureAwait(false);
        return new Moment(since.TotalMilliseconds, CpuTime().TotalMilliseconds);
    }

    /// <summary>When the first line of the console came that begins like this.</summary>
    public async Task<Moment> LineAsync(string start)
    {
        await _machine.Console!.WaitForLineAsync(line => line.StartsWith(start, StringComparison.Ordinal), Patience).ConfigureAwait(false);
        return _lines.First(line => line.Text.StartsWith(start, StringComparison.Ordinal)).When;
    }

    /// <summary>Connects to the guest's service as soon as there is one.</summary>
    public Task<Socket> ConnectAsync() => _machine.ConnectWhenUpAsync(EnclaveAddress.DefaultPort, Patience);

    /// <summary>A client of the protocol, once the enclave is up.</summary>
    public async Task<EnclaveClient> ConnectClientAsync()
    {
        (await ConnectAsync().ConfigureAwait(false)).Dispose();
        return EnclaveClient.Open(Address, Patience, new EnclaveClientOptions { Insecure = true, RetryFor = TimeSpan.Zero, MaxConnections = 1 });
    }

    /// <summary>User and system time of the machine so far.</summary>
    public TimeSpan CpuTime()
    {
        using Process process = Process.GetProcessById(_machine.ProcessId);
        return process.TotalProcessorTime;
    }

    public void Dispose() => _machine.Dispose();

    // On the console's thread, as soon as the line is there and before anybody who waits for it hears of it.
    private void Note(ConsoleLine line)
    {
        TimeSpan cpu = _machine is null ? TimeSpan.Zero : CpuTime();
        _lines.Enqueue((line.Text, new Moment(line.Since.TotalMilliseconds, cpu.TotalMilliseconds)));
    }
}
