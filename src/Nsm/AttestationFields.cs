namespace Init.Nsm;

/// <summary>
/// What a caller puts into an attestation document; what is empty is null there. The bytes are read before the call returns its task: the
/// caller may reuse them.
/// </summary>
public readonly record struct AttestationFields
{
    /// <summary>At most <see cref="NsmLimits.UserDataBytes"/>.</summary>
    public ReadOnlyMemory<byte> UserData { get; init; }

    /// <summary>At most <see cref="NsmLimits.NonceBytes"/>.</summary>
    public ReadOnlyMemory<byte> Nonce { get; init; }

    /// <summary>At most <see cref="NsmLimits.PublicKeyBytes"/>.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; init; }
}
