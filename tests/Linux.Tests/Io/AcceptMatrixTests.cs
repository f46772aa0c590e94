using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Linux.Tests;

public sealed class AcceptMatrixTests
{
    private static readonly Errno[] Errors =
    [
        Errno.EINTR, Errno.ECONNABORTED, Errno.EPROTO, Errno.EAGAIN, Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS, Errno.EPERM,
        Errno.EINVAL,
    ];

    [FailureMode(18, "EINTR storms")]
    [Fact]
    public void Accept_is_right_whatever_happens()
    {
        var choices = new Choices(6);
        int runs = 0;
        do
        {
            var listener = new MemoryDescriptor();
            var waiting = new MemoryDescriptor();
            listener.Connect(waiting);
            var faulty = new FaultyDescriptor(listener, _ => choices.Next(Errors.Length + 1) is int c and > 0 ? Fault.Fails(Errors[c - 1]) : Fault.None);

            IoResult result = DescriptorIo.Accept(faulty, out IDescriptor? connection);

            Errno last = (Errno)(-faulty.Calls[^1].Outcome);
            Assert.All(faulty.Calls.SkipLast(1), c => Assert.True((Errno)(-c.Outcome) is Errno.EINTR or Errno.ECONNABORTED or Errno.EPROTO));
            Assert.Equal((Expected(last), last), (result.Status, result.Errno));
            Assert.Same(last == Errno.None ? waiting : null, connection);
            runs++;
        }
        while (choices.MoveNext());

        Assert.True(runs > 2_000, $"{runs} runs");
    }

    [Theory]
    [InlineData(Errno.EINTR)]
    [InlineData(Errno.ECONNABORTED)]
    [InlineData(Errno.EPROTO)]
    public void Connections_that_are_given_up_as_fast_as_they_come_do_not_hold_the_loop(Errno errno)
    {
        var faulty = new FaultyDescriptor(new MemoryDescriptor(), _ => Fault.Fails(errno));
        Assert.Equal(new IoResult(IoStatus.WouldBlock, 0, errno), DescriptorIo.Accept(faulty, out IDescriptor? connection));
        Assert.Null(connection);
        Assert.Equal(DescriptorIo.MaxAttempts, faulty.Calls.Count);
    }

    [FailureMode(29, "No descriptors at accept")]
    [Fact]
    public void A_listener_that_was_short_of_descriptors_accepts_when_there_are_some_again()
    {
        var listener = new MemoryDescriptor();
        listener.Connect(new MemoryDescriptor());
        var faulty = new FaultyDescriptor(listener, new FaultScript().Storm(DescriptorCall.Accept, Errno.EMFILE, 3).Next);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(IoStatus.Exhausted, DescriptorIo.Accept(faulty, out _).Status);
        }

        Assert.True(DescriptorIo.Accept(faulty, out _).IsDone);
    }

    private static IoStatus Expected(Errno last) => last switch
    {
        Errno.None => IoStatus.Done,
        Errno.EAGAIN => IoStatus.WouldBlock,
        Errno.EPERM or Errno.EINVAL => IoStatus.Failed,
        _ => IoStatus.Exhausted,
    };
}
