namespace Init.Prover.Native;

/// <summary>One copy-on-write fork of the snapshot: serves a request, or one Chonk session, and is dropped whole.</summary>
/// <remarks>Used by one thread at a time; the C side refuses a second concurrent call.</remarks>
internal sealed class SandboxInstance(InstanceHandle handle) : IDisposable
{
    /// <summary>The largest reply that is copied out: a proof has tens of kilobytes.</summary>
    public const int MaxReplyBytes = 64 << 20;

    /// <summary>Writes the bytes of a request of the measured length.</summary>
    public delegate void RequestWriter(Span<byte> request);

    /// <summary>Runs one bbapi call.</summary>
    /// <param name="lengthBytes">The exact length of the request.</param>
    /// <param name="write">
    /// Fills the request, which lies inside the sandbox: nothing of it exists in managed memory. What it throws passes through.
    /// </param>
    /// <param name="limits">Deadline and cancellation.</param>
    /// <returns>A copy of the reply, MessagePack from inside the sandbox: not to be trusted.</returns>
    /// <exception cref="ProverException">
    /// Aborted, Trapped, MemoryFault, StackExhausted, MemoryLimit, DeadlineExpired, Cancelled, Resource: the instance is gone.
    /// MalformedReply: the reply is not inside the instance's memory, or longer than <see cref="MaxReplyBytes"/>.
    /// </exception>
    public byte[] Call(int lengthBytes, RequestWriter write, CallLimits limits)
    {
        if (limits.Cancellation.IsCancellationRequested)
        {
            throw new ProverException(ProverError.Cancelled, "call the prover: cancelled before the start");
        }

        // Disposed before this returns, and it waits for a callback that runs: the handle is alive in the callback.
        using CancellationTokenRegistration registration = limits.Cancellation.UnsafeRegister(
            static state => ProverAbi.Cancel((InstanceHandle)state!), handle);
        if (limits.MemoryBytes > 0)
        {
            ProverAbi.LimitMemory(handle, (ulong)limits.MemoryBytes);
        }

        WriteRequest(lengthBytes, write, limits.RemainingNs());
        return CopyReply(limits.RemainingNs());
    }

    public void Dispose() => handle.Dispose();

    // Sound: prover_request returns lengthBytes writable bytes inside the instance's memory, which stays mapped until the
    // next call or the handle's release; the span does not outlive this method, and the instance runs nothing meanwhile
    // that could unmap it. Other threads of the instance may write there: the contents are theirs anyway.
    private unsafe void WriteRequest(int lengthBytes, RequestWriter write, ulong timeoutNs)
    {
        ProverStatus status = ProverAbi.Request(handle, (uint)lengthBytes, timeoutNs, out byte* bytes, out ProverAbi.Error error);
        Sandbox.Check("allocate the request", status, in error);
        write(new Span<byte>(bytes, lengthBytes));
    }

    // Sound: prover_call has checked that [reply, reply + length) lies inside the instance's memory.
    private unsafe byte[] CopyReply(ulong timeoutNs)
    {
        ProverStatus status = ProverAbi.Call(handle, timeoutNs, out byte* reply, out uint length, out ProverAbi.Error error);
        Sandbox.Check("call the prover", status, in error);
        return length <= MaxReplyBytes
            ? new ReadOnlySpan<byte>(reply, (int)length).ToArray()
            : throw new ProverException(ProverError.MalformedReply, $"call the prover: reply of {length} bytes, limit {MaxReplyBytes}");
    }
}
