namespace Init.Parent.Bench;

/// <summary>What a load asks for, one request at a time; typed in lower case.</summary>
internal enum Workload
{
    /// <summary>Version and limits: answered where it is parsed.</summary>
    Hello,

    /// <summary>How the enclave is.</summary>
    Health,

    /// <summary>Bytes there and back.</summary>
    Echo,

    /// <summary>An attestation document over a nonce of its own.</summary>
    Attest,

    /// <summary>A circuit's key.</summary>
    Vk,

    /// <summary>A proof.</summary>
    Prove,

    /// <summary>A proof's verification.</summary>
    Verify,
}
