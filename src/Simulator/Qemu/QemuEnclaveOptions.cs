namespace Init.Simulator.Qemu;

/// <summary>How a <see cref="QemuEnclave"/> is booted.</summary>
public sealed record QemuEnclaveOptions
{
    /// <summary>The enclave image file.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The guest's memory in MiB; null for the least that a parent would give: four times the image, and no less than 128.</summary>
    public int? MemoryMiB { get; init; }

    /// <summary>The guest's processors.</summary>
    public int Cpus { get; init; } = 2;

    /// <summary>Where the vsock socket goes, and those of the guest's connections with <c>_port</c> behind it; null for a folder of its own.</summary>
    public string? SocketPath { get; init; }

    /// <summary>Which NSM the guest has.</summary>
    public NsmKind Nsm { get; init; } = NsmKind.Qemu;

    /// <summary>What becomes of the console.</summary>
    public ConsoleMode Console { get; init; } = ConsoleMode.Read;

    /// <summary>More words for the kernel's command line. They are not measured.</summary>
    public string Append { get; init; } = "";

    /// <summary>Whether the boot heartbeat on port 9000 is answered, as nitro-cli does.</summary>
    public bool AnswersHeartbeat { get; init; } = true;

    /// <summary>Whether somebody listens for a failure report on port 9001.</summary>
    public bool ListensForFailure { get; init; } = true;

    /// <summary>
    /// Whether QEMU gets a session of its own (setsid(1)): Ctrl-C on a terminal goes to the whole process group, and would end QEMU before the
    /// enclave could finish what it is doing. Not without need: on a busy machine the scheduler's groups, one a session, make each wake-up
    /// between QEMU and the back end slower.
    /// </summary>
    public bool HasOwnSession { get; init; }

    /// <summary>More arguments for QEMU.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];

    /// <summary>The QEMU to use; null to look for one (<see cref="QemuLocation.Find()"/>).</summary>
    public QemuLocation? Qemu { get; init; }

    /// <summary>Called with every console line, on the thread that reads the console, before those who wait for the line hear of it.</summary>
    public Action<ConsoleLine>? OnConsoleLine { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
