using Init.Wire;

namespace Init.Handlers;

/// <summary>What boot and clock know of the enclave's health. Any thread; every member answers at once from what is there.</summary>
internal interface IEnclaveHealth
{
    /// <summary>Since the process began.</summary>
    TimeSpan Uptime { get; }

    /// <summary>The boot, in order; at most <see cref="WireLimits.MaxHealthEntries"/>.</summary>
    IReadOnlyList<StageHealth> Stages { get; }

    /// <summary>The random number generator.</summary>
    EntropyHealth Entropy { get; }

    /// <summary>The clock.</summary>
    ClockHealth Clock { get; }

    /// <summary>Lines that the console had no room for.</summary>
    long DroppedConsoleLines { get; }
}
