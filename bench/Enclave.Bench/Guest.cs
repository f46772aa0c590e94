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

    private readonly QemuEnclave _machine;

    private Guest(QemuEnclave machine) => _machine = machine;

    public EnclaveAddress Address => EnclaveAddress.Parse("simulator:" + _machine.SocketPath);

    /// <summary>Boots an image, without waiting for anything.</summary>
    /// <param name="image">The image.</param>
    /// <param name="words">More words for the kernel.</param>
    public static Guest Start(string image, string words = "") =>
        new(QemuEnclave.Start(new QemuEnclaveOptions { ImagePath = image, MemoryMiB = MemoryMiB, Append = words }));

    /// <summary>When the heartbeat came, after QEMU's start.</summary>
    public Task<TimeSpan> HeartbeatAsync() => _machine.Heartbeat.WaitAsync(Patience);

    /// <summary>When a line of the console came, after QEMU's start.</summary>
    public async Task<TimeSpan> LineAsync(string start) =>
        (await _machine.Console!.WaitForLineAsync(line => line.StartsWith(start, StringComparison.Ordinal), Patience).ConfigureAwait(false)).Since;

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
}
