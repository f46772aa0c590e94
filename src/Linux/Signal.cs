using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>The signals that PID 1 answers, by their C names: signal(7).</summary>
public enum Signal
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Hang-up of the terminal.</summary>
    SIGHUP = signal_h.SIGHUP,

    /// <summary>Interrupt; for PID 1 also Ctrl-Alt-Del.</summary>
    SIGINT = signal_h.SIGINT,

    /// <summary>For programs to give a meaning.</summary>
    SIGUSR1 = signal_h.SIGUSR1,

    /// <summary>For programs to give a meaning.</summary>
    SIGUSR2 = signal_h.SIGUSR2,

    /// <summary>Asks to end.</summary>
    SIGTERM = signal_h.SIGTERM,

    /// <summary>A child ended, or an orphan that was given to us.</summary>
    SIGCHLD = signal_h.SIGCHLD,

    /// <summary>The power is about to go.</summary>
    SIGPWR = signal_h.SIGPWR,
}
