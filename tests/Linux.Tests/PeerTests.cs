using Init.Testing;

namespace Init.Linux.Tests;

public sealed class PeerTests
{
    [Fact]
    public void A_peer_that_only_stopped_sending_is_not_gone_and_one_that_closed_is()
    {
        (KernelDescriptor first, KernelDescriptor second) = UnixSocket.Pair();
        using (first)
        {
            Assert.False(DescriptorIo.IsPeerGone(first));
            Assert.Equal(0, second.Shutdown(ShutdownSides.Write));
            Assert.Equal(IoStatus.EndOfStream, DescriptorIo.Read(first, new byte[1]).Status);
            Assert.False(DescriptorIo.IsPeerGone(first));
            second.Dispose();
            Assert.True(DescriptorIo.IsPeerGone(first));
        }
    }

    [Fact]
    public void Only_what_says_that_nobody_receives_counts()
    {
        foreach (Errno errno in Enum.GetValues<Errno>())
        {
            var faulty = new FaultyDescriptor(new MemoryDescriptor(), _ => Fault.Fails(errno));
            Assert.Equal(errno is Errno.EPIPE or Errno.ENOTCONN or Errno.ECONNRESET, DescriptorIo.IsPeerGone(faulty));
            Assert.Equal(new CallRecord(DescriptorCall.Write, 0, -(int)errno), Assert.Single(faulty.Calls));
        }
    }
}
