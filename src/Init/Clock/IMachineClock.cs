namespace Init.Clock;

/// <summary>The machine's clocks and the means to discipline them. All times in nanoseconds.</summary>
internal interface IMachineClock
{
    /// <summary>The undisciplined clock: counts from some point before now, at whatever rate the hardware has.</summary>
    long RawNs { get; }

    /// <summary>The wall clock, since 1970.</summary>
    long WallNs { get; }

    /// <summary>The kernel's name of the hardware's clock.</summary>
    string Clocksource { get; }

    /// <summary>The hypervisor's clock as a device, since 1970; null where there is none.</summary>
    long? ReadDeviceNs();

    /// <summary>Steps the wall clock.</summary>
    void Step(long unixNs);

    /// <summary>Makes the wall clock catch up or fall back gradually. Replaces what is left of the last call.</summary>
    void Slew(TimeSpan offset);

    /// <summary>Makes the wall clock run faster (positive) or slower than the undisciplined one, in parts per million.</summary>
    void SetFrequency(double partsPerMillion);
}
