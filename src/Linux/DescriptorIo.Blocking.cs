namespace Init.Linux;

/// <content>The forms that wait, each bounded by a deadline. Count is what was transferred even when the status is not Done.</content>
public static partial class DescriptorIo
{
    /// <summary>Waits for bytes and reads some, at least one.</summary>
    /// <returns>As <see cref="Read"/>, with TimedOut in place of WouldBlock.</returns>
    /// <exception cref="ArgumentException">The buffer is empty.</exception>
    public static IoResult ReadSome(IDescriptor descriptor, Span<byte> buffer, Deadline deadline)
    {
        while (true)
        {
            IoResult result = Read(descriptor, buffer);
            if (result.Status != IoStatus.WouldBlock)
            {
                return result;
            }

            IoResult ready = WaitFor(descriptor, PollEvents.In, deadline);
            if (!ready.IsDone)
            {
                return ready;
            }
        }
    }

    /// <summary>Fills the buffer.</summary>
    /// <returns>Done only when it is full; EndOfStream with Count 0 is an end between messages, with more a truncated one.</returns>
    /// <exception cref="ArgumentException">The buffer is empty.</exception>
    public static IoResult ReadExactly(IDescriptor descriptor, Span<byte> buffer, Deadline deadline)
    {
        int total = 0;
        do
        {
            // A peer that sends a byte now and then never makes us wait, and still has no more time than the deadline gives.
            IoResult result = total > 0 && deadline.HasPassed ? TimedOut : ReadSome(descriptor, buffer[total..], deadline);
            total += result.Count;
            if (!result.IsDone)
            {
                return result with { Count = total };
            }
        }
        while (total < buffer.Length);

        return new IoResult(IoStatus.Done, total, Errno.None);
    }

    /// <summary>Writes the whole buffer.</summary>
    /// <returns>Done only when the kernel has taken all of it.</returns>
    /// <exception cref="ArgumentException">The buffer is empty.</exception>
    public static IoResult WriteAll(IDescriptor descriptor, ReadOnlySpan<byte> buffer, Deadline deadline)
    {
        int total = 0;
        do
        {
            IoResult result = total > 0 && deadline.HasPassed ? TimedOut : WriteSome(descriptor, buffer[total..], deadline);
            total += result.Count;
            if (!result.IsDone)
            {
                return result with { Count = total };
            }
        }
        while (total < buffer.Length);

        return new IoResult(IoStatus.Done, total, Errno.None);
    }

    /// <summary>Waits until a connection attempt on a non-blocking socket has ended.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="started">What connect(2) returned: 0 or a negative errno.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <returns>Done when connected; TimedOut, Reset, Exhausted or Failed (ECONNREFUSED, say) otherwise. The socket is then of no more use.</returns>
    /// <remarks>
    /// An interrupted connect(2) goes on by itself, as one in progress does; calling it again would give EALREADY (connect(2), EINTR).
    /// </remarks>
    public static IoResult FinishConnect(IDescriptor descriptor, int started, Deadline deadline)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (started >= 0 || ErrnoOf(started) == Errno.EISCONN)
        {
            return new IoResult(IoStatus.Done, 0, Errno.None);
        }

        if (ErrnoOf(started) is not (Errno.EINPROGRESS or Errno.EALREADY or Errno.EINTR))
        {
            return ConnectFailure(started);
        }

        IoResult ready = WaitFor(descriptor, PollEvents.Out, deadline);
        if (!ready.IsDone)
        {
            return ready;
        }

        int outcome = descriptor.ConnectError();
        return outcome >= 0 ? new IoResult(IoStatus.Done, 0, Errno.None) : ConnectFailure(outcome);
    }

    private static IoResult TimedOut => new(IoStatus.TimedOut, 0, Errno.None);

    private static IoResult WriteSome(IDescriptor descriptor, ReadOnlySpan<byte> buffer, Deadline deadline)
    {
        while (true)
        {
            IoResult result = Write(descriptor, buffer);
            if (result.Status != IoStatus.WouldBlock)
            {
                return result;
            }

            IoResult ready = WaitFor(descriptor, PollEvents.Out, deadline);
            if (!ready.IsDone)
            {
                return ready;
            }
        }
    }

    // EAGAIN is a listener whose backlog is full (unix(7)): there is nothing to wait for, so it is not WouldBlock.
    private static IoResult ConnectFailure(int outcome) =>
        ErrnoOf(outcome) == Errno.EAGAIN ? new IoResult(IoStatus.Exhausted, 0, Errno.EAGAIN) : Failure(ErrnoOf(outcome));

    /// <summary>Done when the next attempt need not wait: POLLERR and POLLHUP count, for that attempt then says why.</summary>
    private static IoResult WaitFor(IDescriptor descriptor, PollEvents events, Deadline deadline)
    {
        while (!deadline.HasPassed)
        {
            int outcome = descriptor.Poll(events, deadline.RemainingMs);
            if (outcome > 0)
            {
                return new IoResult(IoStatus.Done, 0, Errno.None);
            }

            // poll(2) may fail with EAGAIN where others would say ENOMEM.
            if (outcome < 0 && ErrnoOf(outcome) is not (Errno.EINTR or Errno.EAGAIN))
            {
                return Failure(ErrnoOf(outcome));
            }
        }

        return TimedOut;
    }
}
