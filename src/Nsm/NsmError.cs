namespace Init.Nsm;

/// <summary>Why an NSM operation failed; carried by <see cref="NsmException"/>.</summary>
public enum NsmError
{
    /// <summary>The module says: an argument is invalid.</summary>
    InvalidArgument,

    /// <summary>The module says: there is no PCR of that index.</summary>
    InvalidIndex,

    /// <summary>The module says: its reply does not fit the request.</summary>
    InvalidResponse,

    /// <summary>The module says: the PCR is locked.</summary>
    ReadOnlyIndex,

    /// <summary>The module says: it cannot do that now.</summary>
    InvalidOperation,

    /// <summary>The module says: the reply does not fit.</summary>
    BufferTooSmall,

    /// <summary>The module says: an input is too large.</summary>
    InputTooLarge,

    /// <summary>The module says: it failed inside.</summary>
    InternalError,

    /// <summary>The module answered with an error whose name is unknown.</summary>
    UnknownError,

    /// <summary>The reply is not what the command's reply looks like.</summary>
    MalformedReply,

    /// <summary>The reply filled the buffer, so its end may be missing.</summary>
    TruncatedReply,

    /// <summary>An attestation document is not what one looks like.</summary>
    MalformedDocument,

    /// <summary>A field is longer than its limit or an index is out of range: the device was not called.</summary>
    OutOfRange,

    /// <summary>The system call failed, for example with EIO.</summary>
    DeviceFailed,

    /// <summary>The device timed out or went away (ETIMEDOUT, ENODATA), in this call or an earlier one. It does not come back.</summary>
    Lost,

    /// <summary>The queue is full.</summary>
    Busy,

    /// <summary>The caller's timeout passed.</summary>
    Deadline,

    /// <summary>The caller cancelled.</summary>
    Cancelled,

    /// <summary>The session was disposed of.</summary>
    Closed,
}
