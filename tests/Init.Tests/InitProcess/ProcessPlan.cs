using Init.Simulator.SoftwareNsm;

namespace Init.Init.Tests.InitProcess;

/// <summary>What a <see cref="BootedProcess"/> is given.</summary>
internal sealed record ProcessPlan
{
    /// <summary>Settings and options.</summary>
    public string[] Arguments { get; init; } = [];

    /// <summary>The CRS; null for the ceremony's.</summary>
    public string? Crs { get; init; }

    /// <summary>The module, which the process disposes of; null for one whose PCRs are zero.</summary>
    public SoftwareNsmDevice? Module { get; init; }

    /// <summary>Where it listens; null for a socket of its own.</summary>
    public string? Listen { get; init; }

    /// <summary>What goes wrong with the NSM from the start.</summary>
    public SoftwareNsmFaults Faults { get; init; } = SoftwareNsmFaults.None;

    /// <summary>Whether the heartbeat is answered.</summary>
    public bool AnswersHeartbeat { get; init; } = true;

    /// <summary>What stands for the console; null for a file that the test reads.</summary>
    public string? Console { get; init; }

    /// <summary>Whether it is PID 1 of a namespace.</summary>
    public bool IsFirst { get; init; }
}
