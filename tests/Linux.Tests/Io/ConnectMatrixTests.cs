using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Linux.Tests;

public sealed class ConnectMatrixTests
{
    // What connect(2) itself may say, and then what SO_ERROR may say.
    private static readonly Errno[] Starts =
    [
        Errno.None, Errno.EISCONN, Errno.EINPROGRESS, Errno.EALREADY, Errno.EINTR, Errno.EAGAIN, Errno.ECONNREFUSED, Errno.ECONNRESET,
        Errno.ETIMEDOUT, Errno.ENOMEM, Errno.ENOBUFS, Errno.ENODEV,
    ];

    private static readonly Errno[] Ends =
        [Errno.None, Errno.ECONNREFUSED, Errno.ECONNRESET, Errno.ETIMEDOUT, Errno.ENOBUFS, Errno.ENOMEM, Errno.EAGAIN, Errno.EHOSTUNREACH];

    private static readonly Errno[] Polls = [Errno.EINTR, Errno.EAGAIN, Errno.ENOMEM, Errno.EBADF];

    [FailureMode(18, "EINTR storms")]
    [Fact]
    public void FinishConnect_is_right_whatever_happens()
    {
        var choices = new Choices(8);
        int runs = 0;
        do
        {
            Errno start = Starts[choices.Next(Starts.Length)];
            ManualTime time = new();
            var faulty = new FaultyDescriptor(new MemoryDescriptor(), call => Next(call, choices), time);
            Deadline deadline = Deadline.After(TimeSpan.FromSeconds(1), time);

            IoResult result = DescriptorIo.FinishConnect(faulty, -(int)start, deadline);

            Assert.Equal(Expected(start, faulty.Calls), (result.Status, result.Errno));
            Assert.Equal(result is { Status: IoStatus.TimedOut, Errno: Errno.None }, deadline.HasPassed);
            Assert.All(faulty.Calls, c => Assert.True(c.Call == DescriptorCall.ConnectError || c.Argument is > 0 and <= 1000));
            runs++;
        }
        while (choices.MoveNext());

        Assert.True(runs > 1_000, $"{runs} runs");
    }

    private static Fault Next(DescriptorCall call, Choices choices)
    {
        if (call == DescriptorCall.ConnectError)
        {
            return Fault.Fails(Ends[choices.Next(Ends.Length)]);
        }

        int choice = choices.Next(Polls.Length + 2);
        return choice switch
        {
            0 => Fault.None,
            1 => Fault.Zero,
            _ => Fault.Fails(Polls[choice - 2]),
        };
    }

    private static (IoStatus Status, Errno Errno) Expected(Errno start, IReadOnlyList<CallRecord> calls)
    {
        if (start is not (Errno.EINPROGRESS or Errno.EALREADY or Errno.EINTR))
        {
            // Connected, or not even begun: there is nothing to ask.
            Assert.Empty(calls);
            return start is Errno.None or Errno.EISCONN ? (IoStatus.Done, Errno.None) : (StatusOf(start), start);
        }

        CallRecord last = calls[^1];
        Assert.All(calls.SkipLast(2), c => Assert.True(c.Call == DescriptorCall.Poll && c.Outcome is -(int)Errno.EINTR or -(int)Errno.EAGAIN));
        if (last.Call == DescriptorCall.ConnectError)
        {
            Assert.True(calls[^2].Outcome > 0);
            return last.Outcome == 0 ? (IoStatus.Done, Errno.None) : (StatusOf((Errno)(-last.Outcome)), (Errno)(-last.Outcome));
        }

        Errno errno = (Errno)(-last.Outcome);
        return errno is Errno.ENOMEM or Errno.EBADF ? (StatusOf(errno), errno) : (IoStatus.TimedOut, Errno.None);
    }

    private static IoStatus StatusOf(Errno errno) => errno switch
    {
        Errno.ECONNRESET => IoStatus.Reset,
        Errno.ETIMEDOUT => IoStatus.TimedOut,
        Errno.ENOMEM or Errno.ENOBUFS or Errno.EAGAIN => IoStatus.Exhausted,
        _ => IoStatus.Failed,
    };
}
