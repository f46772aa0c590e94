using System.Runtime.InteropServices;

namespace Init.Linux;

/// <summary>What happens on a fatal signal: native/init, which is linked into programs that boot, and into no others.</summary>
public static partial class LastResort
{
    private const string Library = "early";

    /// <summary>
    /// From now on a fatal signal ends the machine, when this process is PID 1: a line on the console, a record to the parent (within a
    /// second), reboot(2). In any other process the signal's default action is taken.
    /// </summary>
    /// <param name="reportCid">Whom to tell, on vsock port 9001; 0 for nobody.</param>
    public static void Arm(uint reportCid) => SetArmed(reportCid);

    /// <summary>Where the line goes: a console that does not block, which stays open until <see cref="ForgetConsole"/>.</summary>
    public static void UseConsole(IDescriptor console)
    {
        ArgumentNullException.ThrowIfNull(console);
        SetConsole(console.Number);
    }

    /// <summary>The console is about to be closed.</summary>
    public static void ForgetConsole() => SetConsole(-1);

    /// <summary>Where the executable was loaded: an address in it less this is one in its symbol file.</summary>
    public static nint ImageBase => FindImageBase();

    [LibraryImport(Library, EntryPoint = "early_image_base")]
    private static partial nint FindImageBase();

    [LibraryImport(Library, EntryPoint = "early_arm")]
    private static partial void SetArmed(uint reportCid);

    [LibraryImport(Library, EntryPoint = "early_set_console")]
    private static partial void SetConsole(int number);
}
