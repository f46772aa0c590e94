namespace Init.Wire;

/// <summary>What a request asks for.</summary>
public enum Operation : byte
{
    /// <summary>Version, limits, build.</summary>
    Hello = 1,

    /// <summary>How the enclave is.</summary>
    Health = 2,

    /// <summary>An attestation document.</summary>
    Attest = 3,

    /// <summary>Stores bytecode under its SHA-256.</summary>
    Circuit = 4,

    /// <summary>Proves.</summary>
    Prove = 5,

    /// <summary>Verifies a proof.</summary>
    Verify = 6,

    /// <summary>Computes a verification key.</summary>
    Vk = 7,

    /// <summary>Cancels a request of the same connection.</summary>
    Cancel = 8,

    /// <summary>Drains, then ends the enclave.</summary>
    Shutdown = 9,

    /// <summary>Returns the bytes it was given: checks and measures the path.</summary>
    Echo = 10,

    /// <summary>A request of another operation, sealed to the enclave's key.</summary>
    Sealed = 11,
}
