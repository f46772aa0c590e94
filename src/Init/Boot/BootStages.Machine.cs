using System.Globalization;
using Init.Configuration;
using Init.Linux;

namespace Init.Boot;

/// <content>The machine: file systems, console, settings, signals, limits.</content>
internal sealed partial class BootStages
{
    // Besides one for each connection: the runtime's, the NSM, epolls, timers, /proc while health is read.
    private const ulong SpareDescriptors = 256;

    private StageResult MountFileSystems()
    {
        IReadOnlyList<string> mounted = machine.MountFileSystems();
        return mounted.Count > 0
            ? StageResult.Done($"mounted {string.Join(", ", mounted)}")
            : StageResult.Skipped("nothing to mount");
    }

    private StageResult OpenConsole()
    {
        IDescriptor? descriptor = machine.OpenConsole();
        console.Open(descriptor);
        return descriptor is null ? StageResult.Skipped("there is none") : StageResult.Done("opened, non-blocking; closed when ready");
    }

    private StageResult ReadArguments()
    {
        EnclaveSettings defaults = new();
        string commandLine = machine.ReadCommandLine();
        string compared = MeasuredCommandLine.Check(commandLine, machine.ReadMeasuredCommandLine());
        _settings = KernelCommandLine.Parse(commandLine);
        List<string> set = [];
        foreach (Setting setting in SettingsTable.All)
        {
            string value = setting.Format(_settings);
            if (value != setting.Format(defaults))
            {
                set.Add($"{setting.Name}={value}");
            }
        }

        return StageResult.Done($"{compared}; {(set.Count == 0 ? "defaults" : string.Join(' ', set))}");
    }

    private StageResult OpenSignals()
    {
        _signals = machine.OpenSignals();
        return StageResult.Done("SIGTERM and SIGINT drain, SIGCHLD reaps");
    }

    private StageResult ApplyLimits() =>
        StageResult.Done(machine.ApplyLimits((ulong)_settings.Connections + SpareDescriptors));

    // The last stage before anybody is served.
    private StageResult Harden() => StageResult.Done(machine.Confine());

    private static string MiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB");
}
