using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Linux.Tests;

/// <summary>Long storms of EINTR before, between and after bytes, through the forms that wait.</summary>
public sealed class StormTests
{
    public static TheoryData<int> Lengths => [1, DescriptorIo.MaxAttempts - 1, DescriptorIo.MaxAttempts, DescriptorIo.MaxAttempts + 1, 10_000];

    [FailureMode(18, "EINTR storms")]
    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_storm_before_between_and_after_the_bytes_loses_none(int interruptions)
    {
        FaultScript script = new();
        foreach (DescriptorCall call in new[] { DescriptorCall.Read, DescriptorCall.Write })
        {
            for (int i = 0; i < 3; i++)
            {
                script.Storm(call, Errno.EINTR, interruptions).On(call, Fault.AtMost(1));
            }
        }

        ManualTime time = new();
        var memory = new MemoryDescriptor([1, 2, 3]);
        var faulty = new FaultyDescriptor(memory, script.Next, time);
        byte[] buffer = new byte[3];
        Assert.True(DescriptorIo.ReadExactly(faulty, buffer, Deadline.After(TimeSpan.FromSeconds(1), time)).IsDone);
        Assert.Equal([1, 2, 3], buffer);
        Assert.True(DescriptorIo.WriteAll(faulty, buffer, Deadline.After(TimeSpan.FromSeconds(1), time)).IsDone);
        Assert.Equal([1, 2, 3], memory.Written);
    }

    [FailureMode(18, "EINTR storms")]
    [Fact]
    public void A_storm_over_everything_ends_at_the_deadline()
    {
        ManualTime time = new();
        var faulty = new FaultyDescriptor(new MemoryDescriptor([1]), _ => Fault.Fails(Errno.EINTR), time);
        Deadline deadline = Deadline.After(TimeSpan.FromMilliseconds(50), time);
        Assert.Equal(new IoResult(IoStatus.TimedOut, 0, Errno.None), DescriptorIo.ReadExactly(faulty, new byte[1], deadline));
        Assert.True(deadline.HasPassed);
    }

    [Fact]
    public void A_peer_that_sends_a_byte_now_and_then_has_no_more_time_than_the_deadline()
    {
        ManualTime time = new();
        var faulty = new FaultyDescriptor(
            new MemoryDescriptor(new byte[1000]),
            _ =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return Fault.AtMost(1);
            });
        IoResult result = DescriptorIo.ReadExactly(faulty, new byte[1000], Deadline.After(TimeSpan.FromSeconds(1), time));
        Assert.Equal(new IoResult(IoStatus.TimedOut, 10, Errno.None), result);
    }
}
