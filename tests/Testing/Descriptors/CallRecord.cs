namespace Init.Testing;

/// <summary>A call that a <see cref="FaultyDescriptor"/> has seen.</summary>
/// <param name="Call">Which.</param>
/// <param name="Argument">The buffer's length, or a poll's time in milliseconds; otherwise 0.</param>
/// <param name="Outcome">What was returned.</param>
public readonly record struct CallRecord(DescriptorCall Call, int Argument, int Outcome);
