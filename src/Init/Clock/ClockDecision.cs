namespace Init.Clock;

/// <summary>What a sample leads to.</summary>
/// <param name="Action">What to do with the wall clock.</param>
/// <param name="CorrectionNs">What to add to it; also set when there is nothing to do, for the report.</param>
/// <param name="FrequencyPpm">How much faster than the undisciplined clock it is to run.</param>
/// <param name="NextIn">When the next sample is due.</param>
internal readonly record struct ClockDecision(ClockAction Action, long CorrectionNs, double FrequencyPpm, TimeSpan NextIn);
