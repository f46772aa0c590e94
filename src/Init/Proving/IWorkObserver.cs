namespace Init.Proving;

/// <summary>Is told how work in a lane gets on. Called on any thread, must not block.</summary>
internal interface IWorkObserver
{
    /// <summary>The work waits.</summary>
    /// <param name="position">0 is next.</param>
    void Queued(int position);

    /// <summary>The work has a thread now.</summary>
    void Started();
}
