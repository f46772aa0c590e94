using System.Runtime.InteropServices;

namespace Init.Prover.Native;

/// <summary>Owns a <c>prover_instance_t</c>, or borrows the base instance, which belongs to its prover.</summary>
internal sealed class InstanceHandle : SafeHandle
{
    private readonly ProverHandle _prover;
    private readonly bool _isBase;

    public InstanceHandle(ProverHandle prover, nint instance, bool isBase)
        : base(0, ownsHandle: true)
    {
        bool added = false;
        prover.DangerousAddRef(ref added);
        _prover = prover;
        _isBase = isBase;
        SetHandle(instance);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        if (!_isBase)
        {
            ProverAbi.Close(handle);
        }

        _prover.DangerousRelease();
        return true;
    }
}
