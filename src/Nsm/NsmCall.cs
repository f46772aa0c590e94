using Init.Linux;

namespace Init.Nsm;

/// <summary>Reads a reply; throws <see cref="NsmException"/> for anything else than the command's reply.</summary>
internal delegate T ReplyReader<out T>(ReadOnlySpan<byte> reply);

/// <summary>Where a call stands. Guarded by the session's lock.</summary>
internal enum NsmCallState
{
    /// <summary>In the queue: giving up takes it out.</summary>
    Waiting,

    /// <summary>The device works on it: giving up leaves it where it is.</summary>
    Running,

    /// <summary>It holds no place any more.</summary>
    Over,
}

/// <summary>One request on its way to the device.</summary>
internal abstract class NsmCall(NsmCommand command, byte[] request)
{
    public NsmCommand Command { get; } = command;

    public byte[] Request { get; } = request;

    /// <summary>The session's, guarded by its lock.</summary>
    public NsmCallState State { get; set; }

    /// <summary>Reads the reply and keeps the value, without telling the caller yet.</summary>
    public abstract void Read(ReadOnlySpan<byte> reply);

    /// <summary>Tells the caller: the value that was read, or the failure.</summary>
    public abstract void Publish(NsmException? failure);
}

/// <summary>A call whose reply is a <typeparamref name="T"/>.</summary>
internal sealed class NsmCall<T>(NsmCommand command, byte[] request, ReplyReader<T> read) : NsmCall(command, request)
{
    // Completes without a result, also when the call failed: a task that fails with nobody left to look at it would be an unobserved exception.
    private readonly TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _lock = new();
    private NsmException? _failure;
    private T _value = default!;

    /// <summary>Complete when <see cref="Take"/> may be called.</summary>
    public Task Published => _published.Task;

    /// <summary>Waits on this thread until the caller can be told; false: the time passed before.</summary>
    public bool IsPublishedBefore(Deadline deadline)
    {
        lock (_lock)
        {
            while (!Published.IsCompleted)
            {
                if (deadline.HasPassed)
                {
                    return false;
                }

                Monitor.Wait(_lock, deadline.RemainingMs);
            }

            return true;
        }
    }

    /// <summary>What was published: the value, or the failure thrown.</summary>
    public T Take() => _failure is null ? _value : throw _failure;

    public override void Read(ReadOnlySpan<byte> reply) => _value = read(reply);

    public override void Publish(NsmException? failure)
    {
        lock (_lock)
        {
            _failure = failure;
            _published.SetResult();
            Monitor.Pulse(_lock);
        }
    }
}
