namespace Init.Boot;

/// <summary>Waits for a task on the main thread, which is ours: nobody else needs it, so nothing can starve.</summary>
internal static class OwnThread
{
    /// <summary>The task's result. What it throws passes through. The task itself has a deadline.</summary>
    public static T Await<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    /// <inheritdoc cref="Await{T}"/>
    public static void Await(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
