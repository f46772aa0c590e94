namespace Init.Simulator.Qemu;

/// <summary>What becomes of the enclave's serial console.</summary>
public enum ConsoleMode
{
    /// <summary>Read and kept, as in debug mode.</summary>
    Read,

    /// <summary>
    /// A pipe of 4 KiB that nobody reads, as in production: when it and the guest's tty buffer are full, a blocking write to the console
    /// sleeps for ever. Boot with <c>quiet loglevel=0</c>: printk to such a port costs up to 10 ms a character.
    /// </summary>
    Blocked,

    /// <summary>Thrown away: never blocks.</summary>
    Discarded,
}
