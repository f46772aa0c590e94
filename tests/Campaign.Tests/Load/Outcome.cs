using Init.Client;
using Init.Wire;

namespace Init.Campaign.Tests.Load;

/// <summary>How one thing that a client did ended.</summary>
/// <param name="Kind">For the count.</param>
/// <param name="Fault">What is wrong with it; null: it ended as it may.</param>
internal readonly record struct Outcome(string Kind, string? Fault = null)
{
    /// <summary>The right answer.</summary>
    public static Outcome Right { get; } = new("right");

    /// <summary>What the enclave has to say to this client's mistake, it said.</summary>
    public static Outcome Told { get; } = new("told");

    /// <summary>An answer, and not the right one.</summary>
    public static Outcome Wrong(string what) => new("WRONG", what);

    /// <summary>Right if a condition holds.</summary>
    public static Outcome RightIf(bool condition, string otherwise) => condition ? Right : Wrong(otherwise);

    /// <summary>Told if the code is among those that the mistake may have; busy always may be.</summary>
    public static Outcome Of(ErrorCode code, string message, params ReadOnlySpan<ErrorCode> allowed) =>
        code == ErrorCode.Busy || allowed.Contains(code) ? new($"{code}") : new($"unexpected {code}", message);

    /// <summary>The same for what a client throws.</summary>
    public static Outcome Of(ClientException failure, params ReadOnlySpan<ErrorCode> allowed) => failure.Reply is { } reply
        ? Of(reply.Code, reply.Message, allowed)
        : new($"unexpected {failure.Error}", failure.Message);
}
