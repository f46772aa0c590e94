namespace Init.Nsm;

/// <summary>The enclave's Nitro Secure Module: its measurements, its attestation documents, its random numbers.</summary>
/// <remarks>
/// Any number of callers may call at once; the device answers one at a time and the others wait in a bounded queue. Every member throws
/// <see cref="NsmException"/> and nothing else: <see cref="NsmError.Busy"/> at once when the queue is full, <see cref="NsmError.Deadline"/>
/// when the timeout passed, <see cref="NsmError.Cancelled"/> when the token was cancelled, <see cref="NsmError.Lost"/> when the device is lost.
/// The members without a task are for a thread of the caller's own, as boot is: they wait on it, and need neither timers nor the thread pool.
/// </remarks>
public interface INsm
{
    /// <summary>What it did since it was opened. A reading, not a live view.</summary>
    NsmCounters Counters { get; }

    /// <summary>Whether the device stopped answering. It never comes back: every later call fails at once.</summary>
    bool IsLost { get; }

    /// <summary>DescribeNSM: version, module, locked PCRs.</summary>
    ValueTask<NsmDescription> DescribeAsync(TimeSpan timeout, CancellationToken cancellation = default);

    /// <inheritdoc cref="DescribeAsync"/>
    NsmDescription Describe(TimeSpan timeout);

    /// <summary>DescribePCR: a PCR's value and whether it is locked.</summary>
    /// <param name="index">0 to 31.</param>
    /// <param name="timeout">How long the caller waits, the queue included.</param>
    /// <param name="cancellation">Ends the caller's wait.</param>
    ValueTask<NsmPcr> DescribePcrAsync(int index, TimeSpan timeout, CancellationToken cancellation = default);

    /// <summary>ExtendPCR: the PCR becomes SHA-384(PCR ‖ data).</summary>
    /// <param name="index">16 to 31: the others are locked from the start.</param>
    /// <param name="data">What to extend with; the whole request fits <see cref="NsmLimits.RequestBytes"/>.</param>
    /// <param name="timeout">How long the caller waits, the queue included.</param>
    /// <param name="cancellation">Ends the caller's wait. The PCR may be extended all the same.</param>
    /// <returns>The PCR's new value, 48 bytes.</returns>
    ValueTask<ReadOnlyMemory<byte>> ExtendPcrAsync(int index, ReadOnlyMemory<byte> data, TimeSpan timeout, CancellationToken cancellation = default);

    /// <inheritdoc cref="ExtendPcrAsync"/>
    ReadOnlyMemory<byte> ExtendPcr(int index, ReadOnlyMemory<byte> data, TimeSpan timeout);

    /// <summary>LockPCR: the PCR can no longer be extended.</summary>
    ValueTask LockPcrAsync(int index, TimeSpan timeout, CancellationToken cancellation = default);

    /// <inheritdoc cref="LockPcrAsync"/>
    void LockPcr(int index, TimeSpan timeout);

    /// <summary>LockPCRs: locks the PCRs from 0 to <paramref name="range"/> - 1.</summary>
    ValueTask LockPcrsAsync(int range, TimeSpan timeout, CancellationToken cancellation = default);

    /// <summary>Attestation: a document signed by the module (COSE_Sign1), 4.4 to 7.5 KB.</summary>
    /// <param name="fields">What the caller wants in it. A field over its limit is refused before the device is called.</param>
    /// <param name="timeout">How long the caller waits, the queue included.</param>
    /// <param name="cancellation">Ends the caller's wait.</param>
    ValueTask<ReadOnlyMemory<byte>> GetAttestationAsync(AttestationFields fields, TimeSpan timeout, CancellationToken cancellation = default);

    /// <inheritdoc cref="GetAttestationAsync"/>
    ReadOnlyMemory<byte> GetAttestation(AttestationFields fields, TimeSpan timeout);

    /// <summary>GetRandom: up to <see cref="NsmLimits.RandomBytes"/> random bytes, perhaps fewer, perhaps none.</summary>
    ValueTask<ReadOnlyMemory<byte>> GetRandomAsync(TimeSpan timeout, CancellationToken cancellation = default);

    /// <inheritdoc cref="GetRandomAsync"/>
    ReadOnlyMemory<byte> GetRandom(TimeSpan timeout);
}
