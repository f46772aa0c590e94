namespace Init.Clock;

/// <summary>What is to be done with the wall clock.</summary>
internal enum ClockAction
{
    /// <summary>Nothing: the sample took too long to be believed.</summary>
    Reject,

    /// <summary>Nothing: the clock is right as far as can be told.</summary>
    None,

    /// <summary>Let it run faster or slower until the correction is made.</summary>
    Slew,

    /// <summary>Set it.</summary>
    Step,
}
