namespace Init.Proving;

/// <summary>One piece of work in a <see cref="ProverLane"/>.</summary>
internal abstract class LaneJob(IWorkObserver? observer, CancellationToken cancellation)
{
    /// <summary>Is told positions and the start; may be absent.</summary>
    public IWorkObserver? Observer { get; } = observer;

    /// <summary>Ends the waiting; the work itself looks at it too.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Does the work on the lane's thread. Never throws.</summary>
    public abstract void Execute();

    /// <summary>The token fired before the work had a thread.</summary>
    public abstract void Abandon();
}

/// <summary>Work with a result.</summary>
internal sealed class LaneJob<T>(Func<T> work, IWorkObserver? observer, CancellationToken cancellation)
    : LaneJob(observer, cancellation)
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the result, the work's exception, or as cancelled.</summary>
    public Task<T> Completion => _completion.Task;

    /// <inheritdoc/>
    public override void Execute()
    {
        // The request's boundary on this thread: the exception goes on to whoever awaits the result.
        try
        {
            _completion.TrySetResult(work());
        }
        catch (OperationCanceledException)
        {
            _completion.TrySetCanceled(Cancellation);
        }
        catch (Exception exception)
        {
            _completion.TrySetException(exception);
        }
    }

    /// <inheritdoc/>
    public override void Abandon() => _completion.TrySetCanceled(Cancellation);
}
