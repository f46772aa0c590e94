namespace Init.Simulator;

/// <summary>The simulator's one exception. The message gives operation, object and cause.</summary>
public sealed class SimulatorException : Exception
{
    /// <summary>Makes one.</summary>
    public SimulatorException(SimulatorError error, string message, Exception? cause = null)
        : base(message, cause) => Error = error;

    /// <summary>Why.</summary>
    public SimulatorError Error { get; }
}
