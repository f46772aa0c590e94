using Init.Clock;
using Init.Console;
using Init.Handlers;
using Init.Wire;

namespace Init.Boot;

/// <summary>What boot and clock know of the enclave's health.</summary>
/// <param name="time">Tells the uptime.</param>
/// <param name="start">When the process began, by that time.</param>
/// <param name="sequence">The stages.</param>
/// <param name="entropy">What the kernel's generator was seeded with.</param>
/// <param name="clock">The clock.</param>
/// <param name="console">Counts what it dropped.</param>
internal sealed class BootHealth(
    TimeProvider time, long start, BootSequence sequence, EntropyHealth entropy, ClockKeeper clock, BootConsole console) : IEnclaveHealth
{
    /// <inheritdoc/>
    public TimeSpan Uptime => time.GetElapsedTime(start);

    /// <inheritdoc/>
    public IReadOnlyList<StageHealth> Stages => sequence.Done;

    /// <inheritdoc/>
    public EntropyHealth Entropy { get; } = entropy;

    /// <inheritdoc/>
    public ClockHealth Clock => clock.Health;

    /// <inheritdoc/>
    public long DroppedConsoleLines => console.DroppedLines;
}
