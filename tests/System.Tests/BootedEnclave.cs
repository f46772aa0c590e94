using Init.Client;
using Init.Simulator.Qemu;

namespace Init.SystemTests;

/// <summary>An image in QEMU, and clients for it.</summary>
internal sealed class BootedEnclave : IDisposable
{
    /// <summary>Generous: an emulated processor on a shared machine.</summary>
    public static readonly TimeSpan BootTimeout = TimeSpan.FromSeconds(90);

    /// <summary>Each call once, in the open.</summary>
    public static EnclaveClientOptions PlainOnce { get; } = new() { Insecure = true, RetryFor = TimeSpan.Zero, MaxConnections = 1 };

    private BootedEnclave(QemuEnclave machine) => Machine = machine;

    public QemuEnclave Machine { get; }

    public EnclaveAddress Address => EnclaveAddress.Parse("simulator:" + Machine.SocketPath);

    /// <summary>Boots, without waiting for anything.</summary>
    public static BootedEnclave Start(Image image, Func<QemuEnclaveOptions, QemuEnclaveOptions>? change = null)
    {
        QemuEnclaveOptions options = new() { ImagePath = image.Path, MemoryMiB = 512 };
        return new BootedEnclave(QemuEnclave.Start(change?.Invoke(options) ?? options));
    }

    /// <summary>Boots and waits until the enclave serves.</summary>
    public static async Task<BootedEnclave> StartAndWaitAsync(Image image, Func<QemuEnclaveOptions, QemuEnclaveOptions>? change = null)
    {
        BootedEnclave enclave = Start(image, change);
        try
        {
            (await enclave.Machine.ConnectWhenUpAsync(EnclaveAddress.DefaultPort, BootTimeout)).Dispose();
            return enclave;
        }
        catch
        {
            enclave.Dispose();
            throw;
        }
    }

    /// <summary>A change of the options: nobody reads the console, as in production, and the kernel does not write to it.</summary>
    public static QemuEnclaveOptions Unread(QemuEnclaveOptions options) =>
        options with { Console = ConsoleMode.Blocked, Append = "quiet loglevel=0" };

    /// <summary>A client that does nothing by itself: one connection, each call once, in the open.</summary>
    public EnclaveClient Connect() => EnclaveClient.Open(Address, BootTimeout, PlainOnce);

    /// <summary>Waits for the machine's end, which a reboot of the guest is.</summary>
    public Task<QemuExit> WaitForExitAsync(TimeSpan timeout) => Machine.WaitForExitAsync(timeout);

    public void Dispose() => Machine.Dispose();
}
