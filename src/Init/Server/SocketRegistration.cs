using Init.Linux;

namespace Init.Server;

/// <summary>A socket that the loop watches. Belongs to the loop's thread.</summary>
/// <remarks>
/// The kernel is asked to report only what somebody waits for, so a socket that is not read because too many answers wait wakes nobody.
/// What it reports unasked, an error or both directions closed, would be reported for ever: it ends the registration.
/// </remarks>
internal sealed class SocketRegistration(SocketLoop loop, int number, ulong token, Action hungUp)
{
    private readonly ReadySignal _readable = new();
    private readonly ReadySignal _writable = new();

    /// <summary>The descriptor.</summary>
    public int Number { get; } = number;

    /// <summary>Names this registration in events; never used again for another.</summary>
    public ulong Token { get; } = token;

    /// <summary>What the kernel reports now.</summary>
    public EpollEvents Watched { get; set; } = EpollEvents.None;

    /// <summary>What somebody waits for.</summary>
    public EpollEvents Wanted =>
        (_readable.IsAwaited ? EpollEvents.In : EpollEvents.None) | (_writable.IsAwaited ? EpollEvents.Out : EpollEvents.None);

    /// <summary>Whether the loop has this one on its list of those whose wishes may have changed.</summary>
    public bool IsListed { get; set; }

    /// <summary>Waits until there is something to read. False: closed.</summary>
    public ValueTask<bool> ReadableAsync() => WaitAsync(_readable);

    /// <summary>Waits until a write would take something. False: closed.</summary>
    public ValueTask<bool> WritableAsync() => WaitAsync(_writable);

    /// <summary>Lets whoever waits go on.</summary>
    public void Dispatch(EpollEvents events)
    {
        if ((events & (EpollEvents.Error | EpollEvents.HangUp)) != 0)
        {
            hungUp();
            return;
        }

        if ((events & EpollEvents.In) != 0)
        {
            _readable.Signal();
        }

        if ((events & EpollEvents.Out) != 0)
        {
            _writable.Signal();
        }

        loop.List(this);
    }

    /// <summary>Ends all waiting. The loop no longer watches the descriptor.</summary>
    public void End()
    {
        loop.Remove(this);
        _readable.End();
        _writable.End();
    }

    private ValueTask<bool> WaitAsync(ReadySignal signal)
    {
        loop.List(this);
        return signal.WaitAsync();
    }
}
