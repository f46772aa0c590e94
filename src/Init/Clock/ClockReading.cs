namespace Init.Clock;

/// <summary>What the last sync found.</summary>
/// <param name="Source">Whose time it was: <c>nsm</c>, or <c>ptp</c> within the NSM's bounds.</param>
/// <param name="OffsetNs">What the wall clock lacked.</param>
/// <param name="FrequencyPpm">How much faster it runs than the undisciplined clock since then.</param>
/// <param name="Timestamp">When, by the machine's <see cref="TimeProvider"/>.</param>
internal sealed record ClockReading(string Source, long OffsetNs, double FrequencyPpm, long Timestamp);
