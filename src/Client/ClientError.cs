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

    /// <summary>The answer did not come in time.</summary>
    Deadline,
}
