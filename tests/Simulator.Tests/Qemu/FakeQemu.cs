using Init.Simulator.Qemu;

namespace Init.Simulator.Tests.Qemu;

/// <summary>A shell script in QEMU's place. It says that it has the machine, and finds the console it is given in <c>$console</c>.</summary>
/// <remarks>
/// Tests that use it run one after another: a process that another test forks while the script is written has it open for writing for a
/// moment, and executing it would fail (ETXTBSY).
/// </remarks>
[CollectionDefinition(nameof(FakeQemu))]
public sealed class FakeQemu
{
    private const string Start = """
        #!/bin/sh
        [ "$1 $2" = "-M help" ] && echo nitro-enclave && exit
        [ "$1" = "-device" ] && exit
        for argument in "$@"; do
            case $argument in file:*) console=${argument#file:} ;; esac
        done

        """;

    /// <summary>Writes it into a folder; returns where it is.</summary>
    internal static QemuLocation Write(DirectoryInfo folder, string script)
    {
        string path = Path.Combine(folder.FullName, Path.GetRandomFileName());
        File.WriteAllText(path, Start + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new QemuLocation(path, null);
    }
}
