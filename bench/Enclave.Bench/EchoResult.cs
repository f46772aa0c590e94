namespace Init.Enclave.Bench;

/// <summary>What echoing took, and ours over the C program's, round by round.</summary>
/// <param name="RawEcho">The init in C.</param>
/// <param name="Frames">The protocol, against a client that does as little as the one of the C program.</param>
/// <param name="Client">The protocol through src/Client.</param>
/// <param name="FramesRatio">Frames over RawEcho.</param>
/// <param name="ClientRatio">Client over RawEcho.</param>
internal sealed record EchoResult(Series RawEcho, Series Frames, Series Client, Series FramesRatio, Series ClientRatio)
{
    /// <summary>The three in their order here.</summary>
    public static EchoResult Of(IReadOnlyList<EchoTimes> times) =>
        new(times[0].Values, times[1].Values, times[2].Values, times[1].Ratio, times[2].Ratio);
}
