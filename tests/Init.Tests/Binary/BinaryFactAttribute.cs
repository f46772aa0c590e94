using Init.Testing;

namespace Init.Init.Tests.Binary;

/// <summary>A fact about the enclave's published program; skipped where nobody has made it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BinaryFactAttribute : FactAttribute
{
    public BinaryFactAttribute()
    {
        if (!File.Exists(Program))
        {
            Skip = "skipped: no out/bin/init, make binaries makes it";
        }
    }

    public static string Program => Path.Combine(Places.Root, "out/bin/init");

    /// <summary>Its symbols, which the linker has put apart.</summary>
    public static string Symbols => Program + ".dbg";
}
