using Init.Simulator.Qemu;

namespace Init.Simulator.Tests.Qemu;

/// <summary>A shell script in QEMU's place. It says that it has the machine, and finds the console it is given in <c>$console</c>.</summary>
internal static class FakeQemu
{
    private const string Start = """
        #!/bin/sh
        [ "$1 $2" = "-M help" ] && echo nitro-enclave && exit
        for argument in "$@"; do
            case $argument in file:*) console=${argument#file:} ;; esac
        done

        """;

    /// <summary>Writes it into a folder; returns where it is.</summary>
    public static QemuLocation Write(DirectoryInfo folder, string script)
    {
        string path = Path.Combine(folder.FullName, "qemu");
        File.WriteAllText(path, Start + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new QemuLocation(path, null);
    }
}
