namespace Init.Prover;

/// <summary>Why a prover operation failed; carried by <see cref="ProverException"/>.</summary>
public enum ProverError
{
    /// <summary>An input (program, witness, key, proof, option) is malformed.</summary>
    InvalidInput,

    /// <summary>An input is well formed so far but larger than its limit.</summary>
    TooLarge,

    /// <summary>The prover answered with an error of its own.</summary>
    Refused,

    /// <summary>The prover called <c>throw_or_abort</c>; its instance is gone.</summary>
    Aborted,

    /// <summary>The prover executed a trapping instruction; its instance is gone.</summary>
    Trapped,

    /// <summary>The prover touched memory it does not have; its instance is gone.</summary>
    MemoryFault,

    /// <summary>A prover thread ran out of stack; its instance is gone.</summary>
    StackExhausted,

    /// <summary>The prover asked for more memory than its instance may have; the instance is gone.</summary>
    MemoryLimit,

    /// <summary>The request's deadline passed before the prover was done; its instance is gone.</summary>
    DeadlineExpired,

    /// <summary>The caller cancelled the request; its instance is gone.</summary>
    Cancelled,

    /// <summary>The reference string is missing, short or wrong.</summary>
    Crs,

    /// <summary>The processor lacks an instruction set that the prover was compiled for.</summary>
    UnsupportedCpu,

    /// <summary>The system refused memory, a thread or a descriptor.</summary>
    Resource,

    /// <summary>The prover's reply is not what bbapi's schema says.</summary>
    MalformedReply,

    /// <summary>An operation was called in a state or with a buffer that does not allow it: a bug in the caller.</summary>
    InvalidState,

    /// <summary>A proof made here did not verify here and was withheld.</summary>
    VerificationFailed,
}
