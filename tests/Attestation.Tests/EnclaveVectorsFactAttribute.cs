using Init.Testing;

namespace Init.Attestation.Tests;

/// <summary>A fact about the published command and the shared vectors, skipped where one of them is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EnclaveVectorsFactAttribute : FactAttribute
{
    public EnclaveVectorsFactAttribute()
    {
        if (!File.Exists(EnclaveFactAttribute.Binary))
        {
            Skip = "skipped: no out/bin/enclave, make binaries makes it";
        }
        else if (Places.Vectors is null)
        {
            Skip = "skipped: no vectors";
        }
    }
}
