namespace Init.Client;

/// <summary>Why a call on an enclave failed; carried by <see cref="ClientException"/>.</summary>
public enum ClientError
{
    /// <summary>The address is not one.</summary>
    InvalidAddress,

    /// <summary>Nobody answers at the address.</summary>
    Unreachable,

    /// <summary>The connection ended before the answer was there.</summary>
    ConnectionLost,

    /// <summary>The peer does not speak the protocol.</summary>
    Protocol,

    /// <summary>The enclave answered with an error: <see cref="ClientException.Reply"/>.</summary>
    Refused,

    /// <summary>
    /// A sealed request was answered by an error that is not sealed: <see cref="ClientException.Reply"/>. Whoever is on the way can have made it; it
    /// says nothing of the request, but that it may be tried again.
    /// </summary>
    RefusedInTheOpen,

    /// <summary>The answer did not come in time.</summary>
    Deadline,

    /// <summary>Nobody has attested, and what was to be sent may hold secrets: nothing was sent.</summary>
    NotAttested,

    /// <summary>The enclave's attestation document is not one that the policy accepts: <see cref="ClientException.Report"/>.</summary>
    AttestationRefused,

    /// <summary>What came as the enclave's answer to a sealed request is not: it was changed, or made by somebody else.</summary>
    NotAuthentic,
}
