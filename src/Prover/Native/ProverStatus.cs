namespace Init.Prover.Native;

/// <summary><c>prover_status</c> of native/prover/include/prover.h; a test compares the two.</summary>
internal enum ProverStatus
{
    Ok = 0,
    Argument = 1,
    State = 2,
    Cpu = 3,
    Resource = 4,
    Aborted = 5,
    Trapped = 6,
    Fault = 7,
    Stack = 8,
    Memory = 9,
    Deadline = 10,
    Cancelled = 11,
    Exited = 12,
    Reply = 13,
    Random = 14,
}
