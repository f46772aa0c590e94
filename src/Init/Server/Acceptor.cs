using System.Buffers;
using Init.Linux;
using Init.Wire;

namespace Init.Server;

/// <summary>Accepts connections. Belongs to the loop's thread.</summary>
/// <remarks>
/// When the system has no descriptor or memory left, accepting pauses for a while instead of spinning on a listener that stays
/// ready. A descriptor held in reserve lets the connection that waits be accepted and closed, so that its client learns of it.
/// </remarks>
internal sealed class Acceptor : IDisposable
{
    private readonly ServerContext _server;
    private readonly IDescriptor _listener;
    private readonly SocketRegistration _registration;
    private readonly uint? _parentCid;
    private readonly Func<IDescriptor, bool> _admit;
    private readonly Action _ended;
    private readonly ReadySignal _resume = new();
    private EventCounter? _reserve = new();
    private TimeSpan _resumeAt = SocketLoop.Never;
    private bool _isDisposed;

    /// <summary>Takes a listener over. Not yet watched.</summary>
    /// <param name="server">What all connections share.</param>
    /// <param name="listener">Listening and non-blocking.</param>
    /// <param name="parentCid">Vsock peers with another CID are closed at once. Unix peers have none.</param>
    /// <param name="admit">Takes a connection over; false when there are too many.</param>
    /// <param name="ended">The listener has failed: nobody will be accepted any more.</param>
    /// <exception cref="LinuxException">The listener cannot be watched, or there is no descriptor.</exception>
    public Acceptor(ServerContext server, IDescriptor listener, uint? parentCid, Func<IDescriptor, bool> admit, Action ended)
    {
        (_server, _listener, _parentCid, _admit, _ended) = (server, listener, parentCid, admit, ended);
        _registration = server.Loop.Add(listener, () =>
        {
            Dispose();
            _ended();
        });
    }

    /// <summary>Accepts until disposed of.</summary>
    public async Task AcceptAsync()
    {
        while (await _registration.ReadableAsync().ConfigureAwait(false))
        {
            IoResult result = DescriptorIo.Accept(_listener, out IDescriptor? connection);
            if (connection is not null)
            {
                Take(connection);
            }
            else if (result.Status != IoStatus.WouldBlock)
            {
                TurnOneAway();
                _resumeAt = _server.Loop.Now + _server.Settings.AcceptPause;
                _server.Loop.Expect(_resumeAt);
                await _resume.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Goes on if the pause is over.</summary>
    /// <returns>When it will be.</returns>
    public TimeSpan Expire(TimeSpan now)
    {
        if (_resumeAt <= now)
        {
            _resumeAt = SocketLoop.Never;
            _resume.Signal();
        }

        return _resumeAt;
    }

    /// <summary>Accepts no more.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _registration.End();
        _resume.End();
        _listener.Dispose();
        _reserve?.Dispose();
    }

    private void Take(IDescriptor connection)
    {
        _server.Tally.Count(ServerEvent.Accepted);
        if (connection.Peer.Cid is { } cid && cid != _parentCid)
        {
            _server.Tally.Count(ServerEvent.Stranger);
            connection.Dispose();
        }
        else if (!_admit(connection))
        {
            TurnAway(connection);
        }
    }

    private void TurnOneAway()
    {
        _reserve?.Dispose();
        _reserve = null;
        DescriptorIo.Accept(_listener, out IDescriptor? connection);
        if (connection is not null)
        {
            TurnAway(connection);
        }

        try
        {
            _reserve = new EventCounter();
        }
        catch (LinuxException)
        {
            // Somebody took it meanwhile; the next pause tries again.
        }
    }

    // Best effort: the first write to a fresh socket has room.
    private void TurnAway(IDescriptor connection)
    {
        _server.Tally.Count(ServerEvent.TurnedAway);
        ReadOnlyMemory<byte> body = _server.Router.EncodeError(_server.Busy("too many connections"));
        ArrayBufferWriter<byte> frame = new(FrameWriter.MaxHeaderBytes + body.Length);
        FrameWriter.Write(frame, id: 0, FrameKind.Error, more: false, body.Span);
        DescriptorIo.Write(connection, frame.WrittenSpan);
        connection.Dispose();
    }
}
