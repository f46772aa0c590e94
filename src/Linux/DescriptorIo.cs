namespace Init.Linux;

/// <summary>
/// The one place that decides what EINTR, zero, a short count and every errno mean. Pure policy: it makes no system call itself.
/// </summary>
/// <remarks>
/// <see cref="Read"/>, <c>Write</c> and <see cref="Accept"/> never wait. Whatever takes a <see cref="Deadline"/> may
/// (see DescriptorIo.Blocking.cs).
/// <para>EINTR is retried, but <see cref="MaxAttempts"/> times at most: then the call says WouldBlock, and level-triggered readiness
/// brings the caller back. No storm holds a thread here.</para>
/// </remarks>
public static partial class DescriptorIo
{
    /// <summary>
    /// The most that one write passes to the kernel. Vsock writes over 32 KiB have been corrupted by hypervisors that put
    /// non-linear packets together wrongly (firecracker#5475, libkrun#535). With its header and what the kernel keeps beside it a packet of so
    /// many bytes takes 32 KiB in one piece; half of it would take as much.
    /// </summary>
    public const int MaxWriteBytes = 28 * 1024;

    /// <summary>How often one operation is attempted in a row before it says WouldBlock.</summary>
    public const int MaxAttempts = 64;

    /// <summary>Reads what is there, at least one byte.</summary>
    /// <returns>Done, WouldBlock, EndOfStream, Reset, Exhausted, TimedOut or Failed.</returns>
    /// <exception cref="ArgumentException">The buffer is empty: a read of nothing returns 0, which looks like the end.</exception>
    public static IoResult Read(IDescriptor descriptor, Span<byte> buffer)
    {
        RefuseEmpty(descriptor, buffer);
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            int outcome = descriptor.Read(buffer);
            if (outcome > 0)
            {
                return new IoResult(IoStatus.Done, outcome, Errno.None);
            }

            if (outcome == 0)
            {
                return new IoResult(IoStatus.EndOfStream, 0, Errno.None);
            }

            if (ErrnoOf(outcome) != Errno.EINTR)
            {
                return Failure(ErrnoOf(outcome));
            }
        }

        return new IoResult(IoStatus.WouldBlock, 0, Errno.EINTR);
    }

    /// <summary>Writes what the kernel takes, at least one byte and at most <see cref="MaxWriteBytes"/>.</summary>
    /// <returns>Done (Count may be short), WouldBlock, Reset, Exhausted, TimedOut or Failed.</returns>
    /// <remarks>
    /// A write of 0 is Failed with EIO. write(2) has no such answer for a non-empty buffer; a kernel that gives it neither takes
    /// bytes nor says when it will, so that anything but giving the connection up would be a loop.
    /// </remarks>
    /// <exception cref="ArgumentException">The buffer is empty.</exception>
    public static IoResult Write(IDescriptor descriptor, ReadOnlySpan<byte> buffer) => Write(descriptor, buffer, default);

    /// <summary>Writes what the kernel takes of two pieces, the first before the second, without putting them together first.</summary>
    /// <inheritdoc cref="Write(IDescriptor, ReadOnlySpan{byte})"/>
    /// <exception cref="ArgumentException">The first piece is empty.</exception>
    public static IoResult Write(IDescriptor descriptor, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        RefuseEmpty(descriptor, first);
        first = first[..Math.Min(first.Length, MaxWriteBytes)];
        second = second[..Math.Min(second.Length, MaxWriteBytes - first.Length)];
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            int outcome = second.IsEmpty ? descriptor.Write(first) : descriptor.Write(first, second);
            if (outcome > 0)
            {
                return new IoResult(IoStatus.Done, outcome, Errno.None);
            }

            if (outcome == 0)
            {
                return new IoResult(IoStatus.Failed, 0, Errno.EIO);
            }

            if (ErrnoOf(outcome) != Errno.EINTR)
            {
                return Failure(ErrnoOf(outcome));
            }
        }

        return new IoResult(IoStatus.WouldBlock, 0, Errno.EINTR);
    }

    /// <summary>Accepts one connection.</summary>
    /// <param name="listener">A listening, non-blocking socket.</param>
    /// <param name="connection">Non-blocking and close-on-exec; null unless the status is Done.</param>
    /// <returns>
    /// Done, WouldBlock, Exhausted (the connection still waits: back off, live, come again) or Failed. A connection that its peer gave
    /// up (ECONNABORTED, EPROTO) is skipped.
    /// </returns>
    public static IoResult Accept(IDescriptor listener, out IDescriptor? connection)
    {
        ArgumentNullException.ThrowIfNull(listener);
        Errno errno = Errno.None;
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            int outcome = listener.Accept(out connection);
            if (outcome >= 0)
            {
                return new IoResult(IoStatus.Done, 0, Errno.None);
            }

            errno = ErrnoOf(outcome);
            if (errno is not (Errno.EINTR or Errno.ECONNABORTED or Errno.EPROTO))
            {
                return Failure(errno);
            }
        }

        connection = null;
        return new IoResult(IoStatus.WouldBlock, 0, errno);
    }

    private static void RefuseEmpty(IDescriptor descriptor, ReadOnlySpan<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (buffer.IsEmpty)
        {
            throw new ArgumentException("an empty buffer", nameof(buffer));
        }
    }

    private static Errno ErrnoOf(int outcome) => (Errno)(-outcome);

    private static IoResult Failure(Errno errno) => new(StatusOf(errno), 0, errno);

    private static IoStatus StatusOf(Errno errno) => errno switch
    {
        Errno.EAGAIN => IoStatus.WouldBlock,
        Errno.ECONNRESET or Errno.EPIPE => IoStatus.Reset,
        Errno.ENOMEM or Errno.ENOBUFS or Errno.EMFILE or Errno.ENFILE => IoStatus.Exhausted,
        Errno.ETIMEDOUT => IoStatus.TimedOut,
        _ => IoStatus.Failed,
    };
}
