using Init.Boot;
using Init.Linux;
using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Init.Tests.Boot;

public sealed class HeartbeatTests
{
    private readonly FakeMachine _machine = new();
    private readonly List<MemoryDescriptor> _connections = [];

    [FailureMode(5, "The heartbeat fails")]
    [Fact]
    public void It_is_sent_once_and_its_echo_read()
    {
        Answer([Heartbeat.Beat]);
        Assert.Null(Heartbeat.Send(_machine, TimeSpan.Zero));
        MemoryDescriptor connection = Assert.Single(_connections);
        Assert.Equal([(byte)0xB7], connection.Written);
        Assert.True(connection.IsDisposed);
    }

    [FailureMode(5, "The heartbeat fails")]
    [Fact]
    public void A_parent_that_answers_late_is_asked_again()
    {
        int attempts = 0;
        _machine.Parent = port => ++attempts < 3
            ? throw new LinuxException($"connect to vsock 3:{port}", Errno.ECONNRESET)
            : Connection([0xB7]);
        Assert.Null(Heartbeat.Send(_machine, TimeSpan.Zero));
        Assert.Equal(3, attempts);
    }

    [FailureMode(5, "The heartbeat fails")]
    [Fact]
    public void Nobody_there_is_a_failure_after_a_bounded_number_of_attempts()
    {
        int attempts = 0;
        _machine.Parent = port =>
        {
            attempts++;
            throw new LinuxException($"connect to vsock 3:{port}", Errno.ECONNRESET);
        };
        Assert.Equal("connect to vsock 3:9000: ECONNRESET, 4 times", Heartbeat.Send(_machine, TimeSpan.Zero));
        Assert.Equal(Heartbeat.Attempts, attempts);
    }

    [FailureMode(5, "The heartbeat fails")]
    [Theory]
    [InlineData(new byte[] { 0xB8 }, "0xB8, not 0xB7")]
    [InlineData(new byte[0], "EndOfStream")]
    public void A_wrong_echo_is_a_failure(byte[] echo, string reason)
    {
        Answer(echo);
        Assert.Contains(reason, Heartbeat.Send(_machine, TimeSpan.Zero));
        Assert.Equal(Heartbeat.Attempts, _connections.Count);
    }

    private void Answer(byte[] echo) => _machine.Parent = _ => Connection(echo);

    private MemoryDescriptor Connection(byte[] echo)
    {
        MemoryDescriptor connection = new(echo);
        _connections.Add(connection);
        return connection;
    }
}
