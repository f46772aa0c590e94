using System.Net.Sockets;
using System.Text;

namespace Init.Simulator.Qemu;

/// <summary>A port of the guest, by the back end's socket.</summary>
public static class GuestPort
{
    /// <summary>Connects, as Firecracker's clients do: <c>CONNECT port\n</c>, then <c>OK n\n</c> and the guest's bytes.</summary>
    /// <param name="path">The back end's socket.</param>
    /// <param name="port">The guest's port.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SimulatorException">ConnectionRefused: nobody listens there, or the guest is not up.</exception>
    public static async Task<Socket> ConnectAsync(string path, uint port, CancellationToken cancellationToken = default)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        bool isConnected = false;
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"CONNECT {port}\n"), cancellationToken).ConfigureAwait(false);
            isConnected = await IsAcceptedAsync(socket, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            throw new SimulatorException(SimulatorError.ConnectionRefused, $"connect to the enclave's port {port}: {failure.SocketErrorCode}", failure);
        }
        finally
        {
            if (!isConnected)
            {
                socket.Dispose();
            }
        }

        return isConnected ? socket : throw new SimulatorException(SimulatorError.ConnectionRefused, $"connect to the enclave's port {port}: refused");
    }

    /// <summary>Reads the answer's line and not a byte more.</summary>
    private static async Task<bool> IsAcceptedAsync(Socket socket, CancellationToken cancellationToken)
    {
        byte[] one = new byte[1];
        while (one[0] != (byte)'\n')
        {
            if (await socket.ReceiveAsync(one, cancellationToken).ConfigureAwait(false) == 0)
            {
                return false;
            }
        }

        return true;
    }
}
