using Init.Wire;

namespace Init.Server;

/// <summary>What the server did and holds. A reading, not a live view.</summary>
internal sealed record ServerCounters
{
    /// <summary>Connections now.</summary>
    public required int Connections { get; init; }

    /// <summary>Requests in flight that hold a slot.</summary>
    public required int Requests { get; init; }

    /// <summary>Bytes of requests and replies held now.</summary>
    public required long Bytes { get; init; }

    /// <summary>Blocks of <see cref="ClearingMemoryPool"/> that hold the beginning of a frame or a small request, or are sent.</summary>
    public required int Blocks { get; init; }

    /// <summary>The most answers and events that ever waited on one connection.</summary>
    public required int MostQueued { get; init; }

    /// <summary>How often the socket thread woke up.</summary>
    public required long WakeUps { get; init; }

    /// <summary>Since the start, by what happened; all of them.</summary>
    public required IReadOnlyDictionary<ServerEvent, long> Events { get; init; }

    /// <summary>Requests answered by a reply since the start.</summary>
    public required long Replies { get; init; }

    /// <summary>Requests answered by an error since the start, by code; those that occurred.</summary>
    public required IReadOnlyDictionary<ErrorCode, long> Errors { get; init; }
}
