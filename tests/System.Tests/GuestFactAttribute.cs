using Init.Simulator;
using Init.Simulator.Qemu;
using Init.Testing;

namespace Init.SystemTests;

/// <summary>A fact about a booted image: skipped, with the reason, where there is no QEMU, no kernel or no ceremony points.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GuestFactAttribute : FactAttribute
{
    public GuestFactAttribute() => Skip = Guest.Missing!;
}

/// <summary>A theory about a booted image.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GuestTheoryAttribute : TheoryAttribute
{
    public GuestTheoryAttribute() => Skip = Guest.Missing!;
}

/// <summary>A fact about a booted image with the software NSM: skipped too where QEMU cannot have one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SoftwareNsmFactAttribute : FactAttribute
{
    public SoftwareNsmFactAttribute() => Skip = Guest.MissingForSoftwareNsm!;
}

/// <summary>What a guest is made of.</summary>
internal static class Guest
{
    /// <summary>Why no guest can be booted here; null when one can.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Why none can be booted with the software NSM; null when one can.</summary>
    public static string? MissingForSoftwareNsm { get; } = Missing ?? FindMissingNsm();

    public static string Kernel => Path.Combine(Places.Root, "out/kernel/bzImage");

    public static string Init => Path.Combine(Places.Root, "out/bin/init");

    public static string Enclave => Path.Combine(Places.Root, "out/bin/enclave");

    private static string? FindMissing()
    {
        if (Places.Vectors is null)
        {
            return "skipped: no vectors";
        }

        if (!File.Exists(Kernel))
        {
            return "skipped: no kernel (make kernel)";
        }

        try
        {
            QemuLocation.Find();
            return null;
        }
        catch (SimulatorException exception)
        {
            return $"skipped: {exception.Message} (make qemu)";
        }
    }

    private static string? FindMissingNsm()
    {
        try
        {
            QemuLocation.Find().CheckSoftwareNsm();
            return null;
        }
        catch (SimulatorException exception)
        {
            return $"skipped: {exception.Message}";
        }
    }
}
