using Init.Testing;

namespace Init.Parent.Tests;

/// <summary>A fact about the published command and an enclave that runs as a process; skipped where one of them is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CommandFactAttribute : FactAttribute
{
    public CommandFactAttribute() => Skip = WhyNot();

    public static string? WhyNot() => !File.Exists(EnclaveFactAttribute.Binary) ? "skipped: no out/bin/enclave; make binaries builds it"
        : Places.Vectors is null ? "skipped: no vectors"
        : !File.Exists(RunningEnclave.Program) ? "skipped: no out/test/bin/init-process; make test-binaries builds it"
        : null;
}
