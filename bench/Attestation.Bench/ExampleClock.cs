namespace Init.Attestation.Bench;

/// <summary>The time at which the example of docs/attestation-verification.md is accepted.</summary>
internal sealed class ExampleClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 11, 21, 13, 25, 0, TimeSpan.Zero);
}
