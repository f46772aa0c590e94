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
    // A result also when the call failed: a task that fails with nobody left to look at it would be an unobserved exception.
    private readonly TaskCompletionSource<(T Value, NsmException? Failure)> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _value = default!;

    public Task<(T Value, NsmException? Failure)> Outcome => _outcome.Task;

    public override void Read(ReadOnlySpan<byte> reply) => _value = read(reply);

    public override void Publish(NsmException? failure) => _outcome.SetResult((_value, failure));
}
