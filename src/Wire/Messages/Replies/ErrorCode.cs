namespace Init.Wire;

/// <summary>Why a request has no reply, or why a connection ends.</summary>
public enum ErrorCode : byte
{
    /// <summary>The bytes are not what the specification says.</summary>
    Malformed = 1,

    /// <summary>Something is over its limit.</summary>
    TooLarge = 2,

    /// <summary>A cap is reached; <c>retry_after_ms</c> says when to come back.</summary>
    Busy = 3,

    /// <summary>The request's deadline, or one of the connection's, has passed.</summary>
    Deadline = 4,

    /// <summary>No such circuit is stored.</summary>
    NotFound = 5,

    /// <summary>The prover refused, trapped or ran out of memory; the enclave goes on.</summary>
    ProverFailed = 6,

    /// <summary>The operation is not allowed here.</summary>
    Unauthorised = 7,

    /// <summary>The enclave drains and takes no new work.</summary>
    ShuttingDown = 8,

    /// <summary>A cancel request, or the client's going, ended it.</summary>
    Cancelled = 9,

    /// <summary>No version is spoken by both sides.</summary>
    UnsupportedVersion = 10,

    /// <summary>Something the operation needs is gone, such as the NSM.</summary>
    Unavailable = 11,

    /// <summary>The enclave's own fault.</summary>
    Internal = 12,

    /// <summary>No such key is held: attest again, and seal to the key of that document.</summary>
    UnknownKey = 13,

    /// <summary>A sealed request does not open: changed on its way, cut, or sealed to another key.</summary>
    NotAuthentic = 14,

    /// <summary>A sealed request was opened before.</summary>
    Replayed = 15,
}
