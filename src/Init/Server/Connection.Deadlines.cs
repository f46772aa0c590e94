using Init.Wire;

namespace Init.Server;

/// <content>What a client may not put off. The loop asks when the earliest deadline of any connection has passed.</content>
internal sealed partial class Connection
{
    private TimeSpan? _frameStartedAt; // the loop's: the beginning of a frame is there
    private TimeSpan _quietSince; // the loop's: since the last frame, or since the last answer was written
    private TimeSpan _probedAt; // the loop's: when it was last asked whether the client still receives
    private TimeSpan? _stalledSince; // the loop's: the socket takes nothing of what is there to write

    private enum DeadlineKind
    {
        None,
        StartedFrame,
        UnfinishedMessage,
        Idle,
        UnreadReply,
        Probe,
    }

    /// <summary>Acts on a deadline if it has passed. The loop's thread.</summary>
    /// <returns>The next one.</returns>
    public TimeSpan Expire(TimeSpan now)
    {
        (TimeSpan due, DeadlineKind kind) = NextDeadline();
        if (due > now)
        {
            return due;
        }

        switch (kind)
        {
            case DeadlineKind.StartedFrame:
                Fail(Late("read frame: not whole", _server.Settings.StartedFrame), ServerEvent.EvictedInFrame);
                break;
            case DeadlineKind.UnfinishedMessage:
                Fail(Late("read message: no frame", _server.Settings.UnfinishedMessage), ServerEvent.EvictedInMessage);
                break;
            case DeadlineKind.Idle:
                Fail(Late("read frame: none", _server.Settings.Idle), ServerEvent.EvictedIdle);
                break;
            case DeadlineKind.UnreadReply:
                _server.Tally.Count(ServerEvent.EvictedUnread);
                End();
                break;
            case DeadlineKind.Probe:
                _probedAt = now;
                EndIfVanished();
                break;
        }

        return NextDeadline().Due;
    }

    private static RequestException Late(string what, TimeSpan limit) =>
        new(ErrorCode.Deadline, $"{what} after {limit.TotalSeconds:F0} s");

    // Asked several times a request: loops, and nothing allocated.
    private (TimeSpan Due, DeadlineKind Kind) NextDeadline()
    {
        lock (_lock)
        {
            (TimeSpan Due, DeadlineKind Kind) next = (SocketLoop.Never, DeadlineKind.None);
            if (_state == ConnectionState.Closed)
            {
                return next;
            }

            ServerSettings settings = _server.Settings;
            Consider(ref next, _stalledSince, settings.UnreadReply, DeadlineKind.UnreadReply);
            if (_state == ConnectionState.Failing)
            {
                return next;
            }

            Consider(ref next, _frameStartedAt, settings.StartedFrame, DeadlineKind.StartedFrame);
            foreach ((ulong _, InFlightRequest request) in _requests)
            {
                if (request.Phase is RequestPhase.Receiving or RequestPhase.Refused)
                {
                    Consider(ref next, request.LastFrameAt, settings.UnfinishedMessage, DeadlineKind.UnfinishedMessage);
                }
            }

            bool isQuiet = _requests.Count == 0;
            if (_state == ConnectionState.Finishing && !isQuiet)
            {
                Consider(ref next, _probedAt, settings.Probe, DeadlineKind.Probe);
            }
            else if (isQuiet)
            {
                Consider(ref next, _quietSince, settings.Idle, DeadlineKind.Idle);
            }

            return next;
        }
    }

    private static void Consider(ref (TimeSpan Due, DeadlineKind Kind) next, TimeSpan? since, TimeSpan limit, DeadlineKind kind)
    {
        if (since is { } then && then + limit < next.Due)
        {
            next = (then + limit, kind);
        }
    }

    // What is left unparsed: the beginning of a frame, if all whole frames were taken. A deadline that is set anew later than it was is not told
    // to the loop, which looks again when the old one has passed.
    private void NoteUnparsed(long bytes, bool anyFrame, bool wholeFrames)
    {
        if (!CountUnparsed(bytes))
        {
            throw _server.TooManyBytes();
        }

        TimeSpan now = _server.Loop.Now;
        _quietSince = anyFrame ? now : _quietSince;
        _frameStartedAt = bytes == 0 || !wholeFrames ? null : anyFrame ? now : _frameStartedAt ?? now;
        if (_frameStartedAt is { } startedAt)
        {
            _server.Loop.Expect(startedAt + _server.Settings.StartedFrame);
        }
    }

    // False: too many are in flight, and none of these is counted.
    private bool CountUnparsed(long bytes)
    {
        if (_unparsedBytes != 0)
        {
            _server.Load.AddBytes(-_unparsedBytes);
        }

        bool fits = bytes == 0 || _server.Load.TryTakeBytes(bytes);
        _unparsedBytes = fits ? bytes : 0;
        return fits;
    }
}
