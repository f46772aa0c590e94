namespace Init.Simulator.Qemu;

/// <summary>Which NSM a guest in QEMU has.</summary>
public enum NsmKind
{
    /// <summary>QEMU's emulation: documents are unsigned, timestamps are whole seconds.</summary>
    Qemu,

    /// <summary>Ours, behind a virtio device: documents are signed by a development PKI. Needs a QEMU with the project's patches.</summary>
    Software,
}
