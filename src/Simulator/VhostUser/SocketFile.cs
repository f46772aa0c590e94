using Init.Linux;

namespace Init.Simulator.VhostUser;

/// <summary>A listening Unix socket that takes its file with it when it is disposed.</summary>
internal sealed class SocketFile : IDisposable
{
    private readonly string _path;

    private SocketFile(string path, KernelDescriptor socket)
    {
        _path = path;
        Socket = socket;
    }

    /// <summary>The listener.</summary>
    public KernelDescriptor Socket { get; }

    /// <summary>Listens. A socket file that nobody listens on is a leftover and is replaced.</summary>
    /// <exception cref="SimulatorException">SocketInUse.</exception>
    public static SocketFile Listen(string path, int backlog)
    {
        try
        {
            RemoveLeftover(path);
            return new SocketFile(path, UnixSocket.Listen(path, backlog));
        }
        catch (LinuxException failure)
        {
            SimulatorError error = failure.Errno == Errno.ENAMETOOLONG ? SimulatorError.SocketPathTooLong : SimulatorError.SocketInUse;
            throw new SimulatorException(error, failure.Message, failure);
        }
    }

    /// <summary>Removes a socket file that nobody listens on; leaves anything else.</summary>
    public static void RemoveLeftover(string path)
    {
        if (File.Exists(path) && IsLeftover(path))
        {
            File.Delete(path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Socket.Dispose();
        File.Delete(_path);
    }

    /// <summary>connect(2) refuses with ECONNREFUSED where nobody listens, but a plain file too; only a socket cannot be opened (ENXIO).</summary>
    private static bool IsLeftover(string path)
    {
        try
        {
            UnixSocket.Connect(path, TimeSpan.Zero).Dispose();
            return false;
        }
        catch (LinuxException failure) when (failure.Errno == Errno.ECONNREFUSED)
        {
            return IsSocket(path);
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    private static bool IsSocket(string path)
    {
        try
        {
            FileSystem.Open(path, OpenOptions.ReadOnly | OpenOptions.NonBlocking).Dispose();
            return false;
        }
        catch (LinuxException failure)
        {
            return failure.Errno == Errno.ENXIO;
        }
    }
}
