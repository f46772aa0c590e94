using Init.Linux;
using Init.Nsm;
using Init.Prover;
using Init.Sealing;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>What a client is told of an exception. Never bytes of its request.</summary>
internal static class RequestErrors
{
    private static readonly TimeSpan NsmRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MemoryRetry = TimeSpan.FromSeconds(1);

    /// <summary>The error to answer with.</summary>
    /// <param name="exception">What a handler threw.</param>
    /// <param name="cause">Why the request's token fired, if it did.</param>
    public static RequestException Of(Exception exception, CancelCause cause) => exception switch
    {
        RequestException error => error,
        WireException malformed => new RequestException(malformed.Code, malformed.Message),
        ProverException failure => OfProver(failure, cause),
        NsmException failure => OfNsm(failure, cause),
        SealingException failure => OfSealing(failure),
        OperationCanceledException => OfCancellation(cause),
        LinuxException or OutOfMemoryException => new RequestException(ErrorCode.Busy, "no memory or descriptor for this now", MemoryRetry),
        _ => new RequestException(ErrorCode.Internal, $"{exception.GetType().Name} in the enclave"),
    };

    private static RequestException OfProver(ProverException failure, CancelCause cause) => failure.Error switch
    {
        ProverError.InvalidInput => new RequestException(ErrorCode.Malformed, failure.Message),
        ProverError.TooLarge => new RequestException(ErrorCode.TooLarge, failure.Message),
        ProverError.DeadlineExpired => new RequestException(ErrorCode.Deadline, failure.Message),
        ProverError.Cancelled => OfCancellation(cause),
        _ => new RequestException(ErrorCode.ProverFailed, $"{failure.Error}: {failure.Message}"),
    };

    private static RequestException OfNsm(NsmException failure, CancelCause cause) => failure.Error switch
    {
        NsmError.Busy => new RequestException(ErrorCode.Busy, failure.Message, NsmRetry),
        NsmError.Deadline => new RequestException(ErrorCode.Deadline, failure.Message),
        NsmError.Cancelled => OfCancellation(cause),
        NsmError.OutOfRange or NsmError.InputTooLarge => new RequestException(ErrorCode.TooLarge, failure.Message),
        _ => new RequestException(ErrorCode.Unavailable, failure.Message),
    };

    private static RequestException OfSealing(SealingException failure) => failure.Error switch
    {
        SealingError.UnknownKey => new RequestException(ErrorCode.UnknownKey, failure.Message),
        SealingError.NotAuthentic => new RequestException(ErrorCode.NotAuthentic, failure.Message),
        SealingError.Replayed => new RequestException(ErrorCode.Replayed, failure.Message),
        _ => new RequestException(ErrorCode.Malformed, failure.Message),
    };

    private static RequestException OfCancellation(CancelCause cause) => cause switch
    {
        CancelCause.Deadline => new RequestException(ErrorCode.Deadline, "the request's deadline has passed"),
        CancelCause.ShuttingDown => new RequestException(ErrorCode.Cancelled, "the enclave is shutting down"),
        _ => new RequestException(ErrorCode.Cancelled, "cancelled by the client"),
    };
}
