namespace Init.Server;

/// <summary>What handlers may know of the server and do with it. Any thread.</summary>
internal interface IServerControl
{
    /// <summary>What the server did and holds.</summary>
    ServerCounters Counters { get; }

    /// <summary>Accepts no more connections and requests, lets those in flight be answered, then closes.</summary>
    /// <param name="within">What is in flight then is cancelled.</param>
    void BeginDrain(TimeSpan within);
}
