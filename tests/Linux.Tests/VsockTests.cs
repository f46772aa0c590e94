using static Init.Linux.Headers.linux_vm_sockets_h;

namespace Init.Linux.Tests;

/// <summary>What can be said of vsock without a hypervisor. The rest is proven by the system tests, in an enclave.</summary>
public sealed class VsockTests
{
    [Fact]
    public void The_window_s_maximum_is_set_before_the_window() =>
        Assert.Equal([SO_VM_SOCKETS_BUFFER_MAX_SIZE, SO_VM_SOCKETS_BUFFER_SIZE], Vsock.WindowOptions.ToArray());

    [Fact]
    public unsafe void An_address_is_laid_out_as_the_kernel_reads_it()
    {
        sockaddr_vm address = Vsock.AddressOf(0x01020304, 9000);
        byte[] bytes = new Span<byte>(&address, sizeof(sockaddr_vm)).ToArray();
        Assert.Equal([40, 0, 0, 0, 0x28, 0x23, 0, 0, 4, 3, 2, 1, 0, 0, 0, 0], bytes);
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(9_999_999, 0, 999_999)]
    [InlineData(12_345_678, 1, 234_567)]
    [InlineData(0, 0, 1)]
    public void A_timeout_is_never_zero_which_would_be_for_ever(long ticks, long seconds, long microseconds)
    {
        Headers.time_h.timeval time = Sockets.TimeOf(TimeSpan.FromTicks(ticks));
        Assert.Equal((seconds, microseconds), (time.tv_sec, time.tv_usec));
    }

    [Fact]
    public void The_parent_is_3_and_the_host_2() => Assert.Equal((3u, 2u, uint.MaxValue), (Vsock.CidParent, Vsock.CidHost, Vsock.CidAny));
}
