using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Linux.Tests;

/// <summary>The forms that do not wait: one outcome each, after any number of interruptions.</summary>
public sealed class AttemptTests
{
    private static readonly Dictionary<Errno, IoStatus> Statuses = new()
    {
        [Errno.EAGAIN] = IoStatus.WouldBlock,
        [Errno.ECONNRESET] = IoStatus.Reset,
        [Errno.EPIPE] = IoStatus.Reset,
        [Errno.ENOMEM] = IoStatus.Exhausted,
        [Errno.ENOBUFS] = IoStatus.Exhausted,
        [Errno.EMFILE] = IoStatus.Exhausted,
        [Errno.ENFILE] = IoStatus.Exhausted,
        [Errno.ETIMEDOUT] = IoStatus.TimedOut,
    };

    public static TheoryData<int> Interruptions => [.. Enumerable.Range(0, DescriptorIo.MaxAttempts)];

    [FailureMode(20, "Minus one, zero and short")]
    [Theory]
    [MemberData(nameof(Interruptions))]
    public void Every_errno_has_its_status_after_any_number_of_interruptions(int interruptions)
    {
        foreach (Errno errno in Enum.GetValues<Errno>().Except([Errno.None, Errno.EINTR]))
        {
            var expected = new IoResult(Statuses.GetValueOrDefault(errno, IoStatus.Failed), 0, errno);
            Assert.Equal(expected, DescriptorIo.Read(Faulty(DescriptorCall.Read, interruptions, Fault.Fails(errno)), new byte[4]));
            Assert.Equal(expected, DescriptorIo.Write(Faulty(DescriptorCall.Write, interruptions, Fault.Fails(errno)), new byte[4]));
            if (errno is not (Errno.ECONNABORTED or Errno.EPROTO))
            {
                Assert.Equal(expected, DescriptorIo.Accept(Faulty(DescriptorCall.Accept, interruptions, Fault.Fails(errno)), out IDescriptor? none));
                Assert.Null(none);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Interruptions))]
    public void Bytes_and_their_end_come_after_any_number_of_interruptions(int interruptions)
    {
        byte[] buffer = new byte[4];
        Assert.Equal(
            new IoResult(IoStatus.Done, 3, Errno.None),
            DescriptorIo.Read(Faulty(DescriptorCall.Read, interruptions, Fault.None, [1, 2, 3]), buffer));
        Assert.Equal([1, 2, 3, 0], buffer);
        Assert.Equal(
            new IoResult(IoStatus.Done, 1, Errno.None),
            DescriptorIo.Read(Faulty(DescriptorCall.Read, interruptions, Fault.AtMost(1), [1, 2, 3]), buffer));
        Assert.Equal(
            new IoResult(IoStatus.EndOfStream, 0, Errno.None),
            DescriptorIo.Read(Faulty(DescriptorCall.Read, interruptions, Fault.Zero, [1, 2, 3]), buffer));
        Assert.Equal(
            new IoResult(IoStatus.Done, 4, Errno.None),
            DescriptorIo.Write(Faulty(DescriptorCall.Write, interruptions, Fault.None), buffer));
    }

    [FailureMode(18, "EINTR storms")]
    [Fact]
    public void A_storm_that_does_not_end_is_left_after_a_bounded_number_of_attempts()
    {
        var stormy = new FaultyDescriptor(new MemoryDescriptor(), _ => Fault.Fails(Errno.EINTR));
        Assert.Equal(IoStatus.WouldBlock, DescriptorIo.Read(stormy, new byte[1]).Status);
        Assert.Equal(IoStatus.WouldBlock, DescriptorIo.Write(stormy, new byte[1]).Status);
        Assert.Equal(IoStatus.WouldBlock, DescriptorIo.Accept(stormy, out _).Status);
        Assert.Equal(3 * DescriptorIo.MaxAttempts, stormy.Calls.Count);
    }

    [FailureMode(20, "Minus one, zero and short")]
    [Fact]
    public void A_write_of_nothing_is_a_failure_and_not_a_loop()
    {
        FaultyDescriptor descriptor = Faulty(DescriptorCall.Write, 0, Fault.Zero);
        Assert.Equal(new IoResult(IoStatus.Failed, 0, Errno.EIO), DescriptorIo.Write(descriptor, new byte[4]));
        Assert.Single(descriptor.Calls);
    }

    [FailureMode(26, "Large writes")]
    [Fact]
    public void A_write_passes_on_at_most_28_KiB()
    {
        var memory = new MemoryDescriptor();
        Assert.Equal(28 * 1024, DescriptorIo.Write(memory, new byte[100_000]).Count);
        Assert.Equal(28 * 1024, memory.Written.Count);
    }

    [Fact]
    public void An_empty_buffer_is_refused_everywhere()
    {
        var memory = new MemoryDescriptor();
        Deadline deadline = Deadline.After(TimeSpan.FromSeconds(1), new ManualTime());
        Assert.Throws<ArgumentException>(() => DescriptorIo.Read(memory, []));
        Assert.Throws<ArgumentException>(() => DescriptorIo.Write(memory, []));
        Assert.Throws<ArgumentException>(() => DescriptorIo.ReadSome(memory, [], deadline));
        Assert.Throws<ArgumentException>(() => DescriptorIo.ReadExactly(memory, [], deadline));
        Assert.Throws<ArgumentException>(() => DescriptorIo.WriteAll(memory, [], deadline));
    }

    private static FaultyDescriptor Faulty(DescriptorCall call, int interruptions, Fault last, byte[]? input = null) =>
        new(new MemoryDescriptor(input ?? []), new FaultScript().Storm(call, Errno.EINTR, interruptions).On(call, last).Next);
}
