using System.Globalization;

namespace Init.Simulator.Qemu;

/// <summary>QEMU's command line. Pure.</summary>
internal static class QemuArguments
{
    /// <summary>QEMU's NSM, the property that takes it away, and the device that takes its place.</summary>
    public const string OwnNsm = "virtio-nsm-device";
    public const string Absent = "absent";
    public const string GenericDevice = "vhost-user-device";

    // Everything the emulator has but erms and fsrm: they say that rep movsb and rep stosb are the quickest way to copy and clear, which guests
    // then use everywhere, and the emulator does a byte at a time.
    private const string Processor = "max,-erms,-fsrm";

    /// <summary>Makes it.</summary>
    /// <param name="options">What is wanted.</param>
    /// <param name="qemu">Which QEMU.</param>
    /// <param name="memoryMiB">The guest's memory.</param>
    /// <param name="tscKilohertz">The frequency of the time stamp counter; null to let the guest measure it.</param>
    /// <param name="places">The paths of its sockets and console.</param>
    public static IReadOnlyList<string> For(
        QemuEnclaveOptions options, QemuLocation qemu, int memoryMiB, long? tscKilohertz, QemuPlaces places)
    {
        List<string> arguments = qemu.Firmware is null ? [] : ["-L", qemu.Firmware];
        arguments.AddRange(
        [
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-M", "nitro-enclave,vsock=c,id=init", "-kernel", options.ImagePath,
            "-m", string.Create(CultureInfo.InvariantCulture, $"{memoryMiB}M"),
            "-cpu", Processor, "-smp", options.Cpus.ToString(CultureInfo.InvariantCulture), "--accel", "tcg,thread=multi",
            "-chardev", $"socket,id=c,path={Escape(places.VhostSocket)}",
            "-serial", places.Console is null ? "null" : $"file:{places.Console}",
            "-monitor", $"unix:{Escape(places.MonitorSocket)},server=on,wait=off",
            "-append", Append(options.Append, tscKilohertz),
        ]);
        arguments.AddRange(places.NsmSocket is null ? [] : SoftwareNsm(places.NsmSocket));
        arguments.AddRange(options.ExtraArguments);
        return arguments;
    }

    /// <summary>
    /// QEMU's own NSM gets device ID 0, which drivers ignore, and the generic vhost-user device becomes the NSM: ID 33, one queue of two
    /// entries, as QEMU's own has. Both need our patches (native/qemu).
    /// </summary>
    private static IEnumerable<string> SoftwareNsm(string socket) =>
    [
        "-global", $"{OwnNsm}.{Absent}=on",
        "-chardev", $"socket,id=n,path={Escape(socket)}",
        "-device", $"{GenericDevice},chardev=n,virtio-id=33,num_vqs=1,vq_size=2",
    ];

    /// <summary>AWS's reboot=k wants an i8042, which this machine lacks: without reboot=t a guest that reboots hangs.</summary>
    private static string Append(string words, long? tscKilohertz)
    {
        string clock = tscKilohertz is null ? "" : string.Create(CultureInfo.InvariantCulture, $"tsc_early_khz={tscKilohertz} tsc=reliable ");
        return $"{clock}reboot=t {words}".TrimEnd();
    }

    /// <summary>A comma ends a value in QEMU's options unless it is doubled.</summary>
    private static string Escape(string path) => path.Replace(",", ",,", StringComparison.Ordinal);
}
