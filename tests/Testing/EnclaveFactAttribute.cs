using Xunit;

namespace Init.Testing;

/// <summary>A fact about the published command, skipped where nobody has made it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EnclaveFactAttribute : FactAttribute
{
    public EnclaveFactAttribute()
    {
        if (!File.Exists(Binary))
        {
            Skip = "skipped: no out/bin/enclave, make binaries makes it";
        }
    }

    public static string Binary => Path.Combine(Places.Root, "out/bin/enclave");
}
