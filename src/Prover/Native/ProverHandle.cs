using System.Runtime.InteropServices;

namespace Init.Prover.Native;

/// <summary>Owns a <c>prover_t</c>. Instances hold a reference, so it outlives them.</summary>
internal sealed class ProverHandle : SafeHandle
{
    public ProverHandle(nint prover)
        : base(0, ownsHandle: true) => SetHandle(prover);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => ProverAbi.Destroy(handle, out _) == ProverStatus.Ok;
}
