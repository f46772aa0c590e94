using System.Net.Sockets;
using Init.Simulator.VhostUser;

namespace Init.Simulator.Qemu;

/// <summary>A service of the parent's: listens on a port that the guest connects to, and serves one connection at a time.</summary>
internal sealed class HostListener : IDisposable
{
    /// <summary>How long one connection may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;

    /// <summary>Listens.</summary>
    /// <param name="path">The path of the back end's socket.</param>
    /// <param name="port">The port.</param>
    /// <param name="serve">Serves a connection, which is closed afterwards. A socket error in it ends that connection alone.</param>
    /// <exception cref="SimulatorException">SocketInUse.</exception>
    public HostListener(string path, uint port, Func<Socket, CancellationToken, Task> serve)
    {
        _path = $"{path}_{port}";
        SocketFile.RemoveLeftover(_path);
        try
        {
            _listener.Bind(new UnixDomainSocketEndPoint(_path));
            _listener.Listen(16);
        }
        catch (SocketException failure)
        {
            _listener.Dispose();
            throw new SimulatorException(SimulatorError.SocketInUse, $"listen on {_path}: {failure.SocketErrorCode}", failure);
        }

        Completion = RunAsync(serve, _stop.Token);
    }

    /// <summary>Ends when this is disposed.</summary>
    public Task Completion { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        File.Delete(_path);
        _stop.Dispose();
    }

    private async Task RunAsync(Func<Socket, CancellationToken, Task> serve, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using Socket connection = await _listener.AcceptAsync(stop).ConfigureAwait(false);
                await ServeAsync(connection, serve, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private static async Task ServeAsync(Socket connection, Func<Socket, CancellationToken, Task> serve, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            await serve(connection, limit.Token).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // The guest has gone in the middle: its next connection counts.
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // It said nothing for too long, and others wait.
        }
    }
}
