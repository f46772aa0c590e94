using System.Net.Sockets;
using System.Text;

namespace Init.Simulator.Qemu;

/// <summary>QEMU's monitor for people: one command a connection.</summary>
internal sealed class QemuMonitor(string path)
{
    private const string Prompt = "(qemu) ";

    /// <summary>Runs a command; returns what it prints.</summary>
    /// <exception cref="SimulatorException">QemuFailed: QEMU is not there (any more).</exception>
    public async Task<string> RunAsync(string command, CancellationToken cancellationToken)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            await ReadToPromptAsync(socket, cancellationToken).ConfigureAwait(false);
            await socket.SendAsync(Encoding.ASCII.GetBytes(command + "\n"), cancellationToken).ConfigureAwait(false);
            return await ReadToPromptAsync(socket, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            throw new SimulatorException(SimulatorError.QemuFailed, $"QEMU monitor, {command}: {failure.SocketErrorCode}", failure);
        }
    }

    /// <summary>A command that ends QEMU is followed by no prompt.</summary>
    private static async Task<string> ReadToPromptAsync(Socket socket, CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        while (!text.ToString().EndsWith(Prompt, StringComparison.Ordinal))
        {
            int count = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                break;
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }
}
