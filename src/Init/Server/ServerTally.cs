using Init.Wire;

namespace Init.Server;

/// <summary>What <see cref="ServerCounters"/> are read from. Any thread.</summary>
internal sealed class ServerTally
{
    private readonly long[] _events = new long[(int)ServerEvent.Fault + 1];
    private readonly long[] _answers = new long[(int)ErrorCode.Replayed + 1]; // 0: replies
    private int _mostQueued;

    /// <summary>The most answers and events that ever waited on one connection.</summary>
    public int MostQueued => Volatile.Read(ref _mostQueued);

    /// <summary>How often something happened.</summary>
    public long this[ServerEvent what] => Volatile.Read(ref _events[(int)what]);

    /// <summary>How many requests had this answer; null: a reply.</summary>
    public long this[ErrorCode? code] => Volatile.Read(ref _answers[(int)code.GetValueOrDefault()]);

    /// <summary>So many answers and events wait on a connection.</summary>
    public void NoteQueued(int count)
    {
        for (int most = MostQueued; count > most; most = MostQueued)
        {
            Interlocked.CompareExchange(ref _mostQueued, count, most);
        }
    }

    /// <summary>Something happened.</summary>
    public void Count(ServerEvent what) => Interlocked.Increment(ref _events[(int)what]);

    /// <summary>A request was answered; null: by a reply.</summary>
    public void Count(ErrorCode? code) => Interlocked.Increment(ref _answers[(int)code.GetValueOrDefault()]);
}

/// <summary>What a server counts.</summary>
internal enum ServerEvent
{
    /// <summary>A connection was accepted.</summary>
    Accepted,

    /// <summary>A connection did not come from the parent's CID and was closed.</summary>
    Stranger,

    /// <summary>A connection was closed because there were too many, or no descriptor or memory for one more.</summary>
    TurnedAway,

    /// <summary>A connection ended by breaking the protocol.</summary>
    Malformed,

    /// <summary>A connection ended inside a frame that had taken too long.</summary>
    EvictedInFrame,

    /// <summary>A connection ended inside a message whose next frame did not come.</summary>
    EvictedInMessage,

    /// <summary>A connection ended because nothing came.</summary>
    EvictedIdle,

    /// <summary>A connection ended because its client did not read.</summary>
    EvictedUnread,

    /// <summary>A connection ended with requests in flight.</summary>
    Vanished,

    /// <summary>A connection ended by a fault of the server.</summary>
    Fault,
}
