using System.ComponentModel;
using System.Diagnostics;

namespace Init.Simulator.Qemu;

/// <summary>A QEMU that has the nitro-enclave machine.</summary>
/// <param name="Program">qemu-system-x86_64.</param>
/// <param name="Firmware">The folder of its firmware (<c>-L</c>); null when it knows itself.</param>
public sealed record QemuLocation(string Program, string? Firmware)
{
    /// <summary>The environment variable that names a QEMU to use and no other.</summary>
    public const string Variable = "INIT_QEMU";

    private const string ProgramName = "qemu-system-x86_64";
    private const string BuiltProgram = "out/qemu/bin/" + ProgramName;
    private const string Machine = "nitro-enclave";

    /// <summary>
    /// Looks for a QEMU: INIT_QEMU, then PATH (Debian's own build lacks the machine), then out/qemu in the folders above this program and
    /// above the current folder.
    /// </summary>
    /// <exception cref="SimulatorException">QemuMissing.</exception>
    public static QemuLocation Find() => Find(Environment.GetEnvironmentVariable, Candidates(), HasMachine);

    /// <summary>As <see cref="Find()"/>, for tests: with an environment, candidates and a check of their own.</summary>
    internal static QemuLocation Find(Func<string, string?> environment, IEnumerable<string> built, Func<string, bool> hasMachine)
    {
        if (environment(Variable) is { Length: > 0 } named)
        {
            return hasMachine(named)
                ? At(named)
                : throw new SimulatorException(SimulatorError.QemuMissing, $"use {Variable}={named}: not a QEMU with the {Machine} machine");
        }

        IEnumerable<string> onPath = (environment("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, ProgramName));
        string? found = onPath.Concat(built).FirstOrDefault(p => File.Exists(p) && hasMachine(p));
        return found is not null
            ? At(found)
            : throw new SimulatorException(
                SimulatorError.QemuMissing, $"find {ProgramName} with the {Machine} machine: neither on PATH nor at {BuiltProgram}");
    }

    /// <summary>Checks that QEMU's own NSM can be taken away and ours put in its place.</summary>
    /// <exception cref="SimulatorException">QemuWithoutSoftwareNsm.</exception>
    public void CheckSoftwareNsm()
    {
        bool canBeNamed = Ask(Program, "-device", "help").Contains($"\"{QemuArguments.GenericDevice}\"", StringComparison.Ordinal);
        bool canBeAbsent = Ask(Program, "-device", $"{QemuArguments.OwnNsm},help").Contains($"{QemuArguments.Absent}=", StringComparison.Ordinal);
        if (!canBeNamed || !canBeAbsent)
        {
            throw new SimulatorException(
                SimulatorError.QemuWithoutSoftwareNsm, $"use {Program} with a software NSM: it lacks the patches for that (native/qemu/patches)");
        }
    }

    private static QemuLocation At(string program)
    {
        string firmware = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(program))!, "../share/qemu"));
        return new QemuLocation(program, Directory.Exists(firmware) ? firmware : null);
    }

    private static IEnumerable<string> Candidates() =>
        from start in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory }
        from folder in Above(start)
        select Path.Combine(folder, BuiltProgram);

    private static IEnumerable<string> Above(string start)
    {
        for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    private static bool HasMachine(string program)
    {
        try
        {
            return Ask(program, "-M", "help").Contains(Machine, StringComparison.Ordinal);
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static string Ask(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return answer;
    }
}
