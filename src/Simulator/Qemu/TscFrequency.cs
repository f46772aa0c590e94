using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace Init.Simulator.Qemu;

/// <summary>
/// The frequency of this machine's time stamp counter, which TCG passes on to the guest. The guest's kernel would measure it against
/// an emulated timer, wrongly when the machine is busy, and fall back to jiffies.
/// </summary>
internal static class TscFrequency
{
    private const string FrequencyFolder = "/sys/devices/system/cpu/cpu0/cpufreq";
    private const string CpuInfo = "/proc/cpuinfo";

    /// <summary>In kHz; null when nothing says it reliably.</summary>
    public static long? Detect() => X86Base.IsSupported
        ? Detect((leaf, subleaf) => X86Base.CpuId((int)leaf, (int)subleaf), Directory.Exists(FrequencyFolder), File.ReadLines(CpuInfo))
        : null;

    /// <summary>As <see cref="Detect()"/>, on the words of some machine.</summary>
    /// <param name="cpuid">The CPUID instruction.</param>
    /// <param name="isScaled">Whether the kernel changes the processor's frequency, so that /proc/cpuinfo shows that one.</param>
    /// <param name="cpuInfo">The lines of /proc/cpuinfo.</param>
    internal static long? Detect(Func<uint, uint, (int Eax, int Ebx, int Ecx, int Edx)> cpuid, bool isScaled, IEnumerable<string> cpuInfo) =>
        FromCrystal(cpuid) ?? FromHypervisor(cpuid) ?? (isScaled ? null : FromCpuInfo(cpuInfo));

    /// <summary>Leaf 15h: the crystal's frequency in Hz and the counter's ratio to it.</summary>
    private static long? FromCrystal(Func<uint, uint, (int Eax, int Ebx, int Ecx, int Edx)> cpuid)
    {
        const uint Leaf = 0x15;
        if ((uint)cpuid(0, 0).Eax < Leaf)
        {
            return null;
        }

        (int denominator, int numerator, int hertz, _) = cpuid(Leaf, 0);
        return denominator != 0 && numerator != 0 && hertz != 0 ? (long)((ulong)(uint)hertz * (uint)numerator / (uint)denominator / 1000) : null;
    }

    /// <summary>Leaf 40000010h: what VMware began and KVM may offer too, in kHz.</summary>
    private static long? FromHypervisor(Func<uint, uint, (int Eax, int Ebx, int Ecx, int Edx)> cpuid)
    {
        const uint Leaf = 0x4000_0010;
        const int HypervisorBit = 1 << 31;
        bool hasLeaf = (cpuid(1, 0).Ecx & HypervisorBit) != 0 && (uint)cpuid(0x4000_0000, 0).Eax >= Leaf;
        return hasLeaf && cpuid(Leaf, 0).Eax is > 0 and var kilohertz ? kilohertz : null;
    }

    /// <summary>Without frequency scaling the kernel shows what it calibrated the counter to.</summary>
    private static long? FromCpuInfo(IEnumerable<string> lines)
    {
        string? line = lines.FirstOrDefault(l => l.StartsWith("cpu MHz", StringComparison.Ordinal));
        return line is not null && decimal.TryParse(line.AsSpan(line.IndexOf(':') + 1), CultureInfo.InvariantCulture, out decimal megahertz) && megahertz > 0
            ? (long)(megahertz * 1000)
            : null;
    }
}
