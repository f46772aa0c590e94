using Init.Testing;

namespace Init.Linux.Tests;

/// <summary>
/// What a transfer of a whole buffer must have done and said, told from the calls that it made: written without a look at how DescriptorIo
/// does it.
/// </summary>
internal static class Trace
{
    /// <summary>Checks a result against the calls that led to it.</summary>
    /// <param name="result">What was returned.</param>
    /// <param name="transfer">Read or Write.</param>
    /// <param name="lengthBytes">The whole buffer.</param>
    /// <param name="run">Who was called.</param>
    public static void Check(IoResult result, DescriptorCall transfer, int lengthBytes, Adversary run)
    {
        IReadOnlyList<CallRecord> calls = run.Descriptor.Calls;
        int total = 0;
        for (int i = 0; i < calls.Count; i++)
        {
            CallRecord call = calls[i];
            bool isLast = i == calls.Count - 1;
            if (call.Call == DescriptorCall.Poll)
            {
                CheckPoll(calls, i, isLast, run);
                continue;
            }

            // What is left, all of it, and never more than a write may have.
            int most = transfer == DescriptorCall.Write ? DescriptorIo.MaxWriteBytes : int.MaxValue;
            Assert.Equal(transfer, call.Call);
            Assert.Equal(Math.Min(lengthBytes - total, most), call.Argument);
            total += Math.Max(0, call.Outcome);
            Assert.True(isLast || (call.Outcome > 0 && total < lengthBytes) || ErrnoOf(call) is Errno.EINTR or Errno.EAGAIN, $"went on after {call}");
        }

        Assert.Equal(total, result.Count);
        Assert.Equal(Expected(calls[^1], transfer, total == lengthBytes), (result.Status, result.Errno));
        if (result.Status == IoStatus.TimedOut && result.Errno == Errno.None)
        {
            Assert.True(run.Deadline.HasPassed);
        }
    }

    private static void CheckPoll(IReadOnlyList<CallRecord> calls, int i, bool isLast, Adversary run)
    {
        Assert.InRange(calls[i].Argument, 1, (int)Adversary.Timeout.TotalMilliseconds);
        bool stormed = i >= DescriptorIo.MaxAttempts && Enumerable.Range(i - DescriptorIo.MaxAttempts, DescriptorIo.MaxAttempts).All(
            k => calls[k].Call != DescriptorCall.Poll && ErrnoOf(calls[k]) == Errno.EINTR);
        Assert.True(i > 0 && (calls[i - 1].Call == DescriptorCall.Poll || ErrnoOf(calls[i - 1]) == Errno.EAGAIN || stormed), "polled for no reason");
        Assert.True(isLast || calls[i].Outcome > 0 || ErrnoOf(calls[i]) is Errno.EINTR or Errno.EAGAIN, $"went on after {calls[i]}");
        Assert.True(isLast || !(calls[i].Outcome > 0) || calls[i + 1].Call != DescriptorCall.Poll, "polled again when ready");
        Assert.False(isLast && calls[i].Outcome > 0, "stopped when ready");
        Assert.False(isLast && calls[i].Outcome < 0 && ErrnoOf(calls[i]) != Errno.ENOMEM && !run.Deadline.HasPassed, "gave up early");
    }

    private static (IoStatus Status, Errno Errno) Expected(CallRecord last, DescriptorCall transfer, bool isWhole)
    {
        if (last.Call == DescriptorCall.Poll)
        {
            return ErrnoOf(last) == Errno.ENOMEM ? (IoStatus.Exhausted, Errno.ENOMEM) : (IoStatus.TimedOut, Errno.None);
        }

        if (last.Outcome > 0)
        {
            return (isWhole ? IoStatus.Done : IoStatus.TimedOut, Errno.None);
        }

        if (last.Outcome == 0)
        {
            return transfer == DescriptorCall.Read ? (IoStatus.EndOfStream, Errno.None) : (IoStatus.Failed, Errno.EIO);
        }

        (Errno errno, IoStatus status) = Adversary.Errors.SingleOrDefault(e => e.Errno == ErrnoOf(last));
        return errno == Errno.None ? (IoStatus.TimedOut, Errno.None) : (status, errno);
    }

    private static Errno ErrnoOf(CallRecord call) => call.Outcome < 0 ? (Errno)(-call.Outcome) : Errno.None;
}
