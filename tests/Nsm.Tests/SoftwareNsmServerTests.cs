using System.Diagnostics;
using Init.Linux;
using Init.Simulator.SoftwareNsm;
using static Init.Nsm.Tests.Sessions;

namespace Init.Nsm.Tests;

/// <summary>The module behind a Unix socket, and what it can be told to do wrong.</summary>
public sealed class SoftwareNsmServerTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("nsm-").FullName, "nsm.sock");
    private readonly SoftwareNsmServer _server;

    public SoftwareNsmServerTests() =>
        _server = new SoftwareNsmServer(_path, new SoftwareNsmDevice(new SoftwareNsmOptions { IsUnsigned = true }, TimeProvider.System));

    public void Dispose()
    {
        _server.Dispose();
        Assert.False(File.Exists(_path));
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Fact]
    public async Task All_handles_share_one_module_and_each_is_counted()
    {
        using (NsmSession first = Connect(Patience))
        using (NsmSession second = Connect(Patience))
        {
            ReadOnlyMemory<byte> value = await first.ExtendPcrAsync(16, new byte[] { 1 }, Patience);
            Assert.Equal(value.ToArray(), (await second.DescribePcrAsync(16, Patience)).Value.ToArray());
            Assert.Equal(2, _server.Opens);
            Assert.Equal(2, _server.Calls);
            Assert.Equal(2, _server.Connections);
        }

        await Until(() => _server.Connections == 0);
    }

    [Fact]
    public async Task Silence_is_a_timeout_and_the_device_is_lost()
    {
        using NsmSession other = Connect(Patience);
        await other.DescribeAsync(Patience);
        _server.Faults = new SoftwareNsmFaults { MuteAfter = 1 };
        using NsmSession session = Connect(Soon);
        Assert.Equal(NsmError.Lost, await ErrorOf(session.DescribeAsync(Patience)));
        Assert.True(session.IsLost);
    }

    [Fact]
    public async Task A_server_that_goes_away_is_a_lost_device()
    {
        using NsmSession session = Connect(Patience);
        await session.DescribeAsync(Patience);
        _server.Dispose();
        Assert.Equal(NsmError.Lost, await ErrorOf(session.DescribeAsync(Patience)));
    }

    [Fact]
    public async Task A_delay_delays()
    {
        _server.Faults = new SoftwareNsmFaults { Delay = Soon };
        using NsmSession session = Connect(Patience);
        long start = Stopwatch.GetTimestamp();
        await session.DescribeAsync(Patience);
        Assert.True(Stopwatch.GetElapsedTime(start) >= Soon / 2); // .NET's timed waits end up to a tick of 16 ms early
        Assert.True(session.Counters.MaximumLatency >= Soon / 2);
    }

    [Fact]
    public async Task An_error_is_answered_until_the_fault_is_gone()
    {
        using NsmSession session = Connect(Patience);
        _server.Faults = new SoftwareNsmFaults { ErrorName = "InternalError" };
        Assert.Equal(NsmError.InternalError, await ErrorOf(session.GetRandomAsync(Patience)));
        _server.Faults = SoftwareNsmFaults.None;
        Assert.Equal(NsmLimits.RandomBytes, (await session.GetRandomAsync(Patience)).Length);
    }

    [Fact]
    public async Task Short_wrong_and_long_replies_are_refused_and_the_next_one_is_read()
    {
        using NsmSession session = Connect(Patience);
        (Func<byte[], byte[]> Rewrite, NsmError Error)[] faults =
        [
            (reply => reply[..(reply.Length / 2)], NsmError.MalformedReply),
            (_ => [], NsmError.MalformedReply),
            (_ => Replies.LockPcr, NsmError.MalformedReply),
            (_ => new byte[NsmLimits.ResponseBytes + 1000], NsmError.TruncatedReply),
        ];
        foreach ((Func<byte[], byte[]> rewrite, NsmError error) in faults)
        {
            _server.Faults = new SoftwareNsmFaults { Rewrite = rewrite };
            Assert.Equal(error, await ErrorOf(session.GetRandomAsync(Patience)));
            _server.Faults = SoftwareNsmFaults.None;
            Assert.Equal(NsmLimits.RandomBytes, (await session.GetRandomAsync(Patience)).Length);
        }
    }

    [Fact]
    public void A_device_that_failed_once_is_not_read_again()
    {
        _server.Faults = new SoftwareNsmFaults { MuteAfter = 0 };
        using UnixSocketNsmDevice device = new(_path, Soon);
        byte[] response = new byte[NsmLimits.ResponseBytes];
        Assert.Equal(Errno.ETIMEDOUT, Assert.Throws<LinuxException>(() => device.Exchange(NsmRequests.GetRandom(), response)).Errno);
        Assert.Equal(Errno.ENODATA, Assert.Throws<LinuxException>(() => device.Exchange(NsmRequests.DescribeNsm(), response)).Errno);
    }

    [Fact]
    public void A_request_that_is_too_long_is_the_drivers_errno_and_harms_nothing()
    {
        using UnixSocketNsmDevice device = new(_path, Patience);
        byte[] response = new byte[NsmLimits.ResponseBytes];
        Assert.Equal(
            Errno.EMSGSIZE, Assert.Throws<LinuxException>(() => device.Exchange(new byte[NsmLimits.RequestBytes + 1], response)).Errno);
        Assert.NotEqual(0, device.Exchange(NsmRequests.DescribeNsm(), response));
    }

    [Fact]
    public void A_client_that_announces_more_than_a_request_may_have_is_hung_up_on()
    {
        using KernelDescriptor client = UnixSocket.Connect(_path, Patience);
        Deadline deadline = Deadline.After(Patience);
        Assert.True(DescriptorIo.WriteAll(client, [0, 0, 0x10, 1], deadline).IsDone);
        Assert.Equal(IoStatus.EndOfStream, DescriptorIo.ReadExactly(client, new byte[1], deadline).Status);
        Assert.Equal(0, _server.Calls);
    }

    [Fact]
    public void Nobody_listening_is_an_errno() =>
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => new UnixSocketNsmDevice(_path + "x", Patience)).Errno);

    private NsmSession Connect(TimeSpan timeout) => new(new UnixSocketNsmDevice(_path, timeout), TimeProvider.System);
}
