using System.Threading.Tasks.Sources;

namespace Init.Server;

/// <summary>Lets one asynchronous method wait until the loop says that its socket is ready. Waiting allocates nothing.</summary>
/// <remarks>Belongs to the loop's thread, and the method goes on on it, inside <see cref="Signal"/>.</remarks>
internal sealed class ReadySignal : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _source;
    private bool _ended;

    /// <summary>Whether somebody waits.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Waits. False: the socket is closed. One waiter at a time.</summary>
    public ValueTask<bool> WaitAsync()
    {
        if (_ended)
        {
            return new ValueTask<bool>(false);
        }

        _source.Reset();
        IsAwaited = true;
        return new ValueTask<bool>(this, _source.Version);
    }

    /// <summary>The socket is ready.</summary>
    public void Signal() => Complete(true);

    /// <summary>The socket is closed: now and from now on waiting ends at once.</summary>
    public void End()
    {
        _ended = true;
        Complete(false);
    }

    /// <inheritdoc/>
    public bool GetResult(short token) => _source.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Complete(bool ready)
    {
        if (IsAwaited)
        {
            IsAwaited = false;
            _source.SetResult(ready);
        }
    }
}
