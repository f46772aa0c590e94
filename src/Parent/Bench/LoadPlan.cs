namespace Init.Parent.Bench;

/// <summary>What load, for how long.</summary>
internal sealed record LoadPlan
{
    /// <summary>How long requests are sent.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Connections, each with one request under way.</summary>
    public required int Connections { get; init; }

    /// <summary>Requests a second that are due whatever the enclave does (open loop); null: each connection sends when it is answered (closed loop).</summary>
    public required double? Rate { get; init; }

    /// <summary>What is sent.</summary>
    public required Mix Mix { get; init; }

    /// <summary>How long an answer may take, and how long the last ones are waited for.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How many requests are due; 0 in a closed loop.</summary>
    public long Due => Rate is { } rate ? (long)Math.Ceiling(Duration.TotalSeconds * rate) : 0;
}
