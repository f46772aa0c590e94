using Init.Linux;

namespace Init.Testing;

/// <summary>An adversary in front of a descriptor: decides for each call whether it is made, cut short or fails, and keeps a record.</summary>
/// <param name="inner">What calls go to; a real socket, so that epoll works too, or a <see cref="MemoryDescriptor"/>.</param>
/// <param name="next">Asked before each call.</param>
/// <param name="time">Moved on by a poll that returns 0 (its whole time) or fails with EINTR (1 ms), so that waits end.</param>
/// <param name="accepted">Puts something in front of accepted connections.</param>
public sealed class FaultyDescriptor(
    IDescriptor inner, Func<DescriptorCall, Fault> next, ManualTime? time = null, Func<IDescriptor, IDescriptor>? accepted = null) : IDescriptor
{
    private readonly List<CallRecord> _calls = [];

    public int Number => inner.Number;

    public PeerAddress Peer => inner.Peer;

    /// <summary>All calls so far, in their order.</summary>
    public IReadOnlyList<CallRecord> Calls => _calls;

    public bool IsDisposed { get; private set; }

    public int Read(Span<byte> buffer)
    {
        Fault fault = next(DescriptorCall.Read);
        return Keep(DescriptorCall.Read, buffer.Length, fault.Outcome ?? inner.Read(buffer[..Limit(fault, buffer.Length)]));
    }

    public int Write(ReadOnlySpan<byte> buffer)
    {
        Fault fault = next(DescriptorCall.Write);
        return Keep(DescriptorCall.Write, buffer.Length, fault.Outcome ?? inner.Write(buffer[..Limit(fault, buffer.Length)]));
    }

    public int Accept(out IDescriptor? connection)
    {
        connection = null;
        int outcome = next(DescriptorCall.Accept).Outcome ?? inner.Accept(out connection);
        if (connection is not null && accepted is not null)
        {
            connection = accepted(connection);
        }

        return Keep(DescriptorCall.Accept, 0, outcome);
    }

    public int ConnectError() => Keep(DescriptorCall.ConnectError, 0, next(DescriptorCall.ConnectError).Outcome ?? inner.ConnectError());

    public int Poll(PollEvents events, int timeoutMs)
    {
        int outcome = next(DescriptorCall.Poll).Outcome ?? inner.Poll(events, timeoutMs);
        if (outcome == 0)
        {
            time?.Advance(TimeSpan.FromMilliseconds(timeoutMs));
        }
        else if (outcome < 0)
        {
            time?.Advance(TimeSpan.FromMilliseconds(1));
        }

        return Keep(DescriptorCall.Poll, timeoutMs, outcome);
    }

    public int Shutdown(ShutdownSides sides) => Keep(DescriptorCall.Shutdown, 0, next(DescriptorCall.Shutdown).Outcome ?? inner.Shutdown(sides));

    public void Dispose()
    {
        IsDisposed = true;
        inner.Dispose();
    }

    private static int Limit(Fault fault, int bytes) => Math.Min(bytes, fault.LimitBytes ?? bytes);

    private int Keep(DescriptorCall call, int argument, int outcome)
    {
        _calls.Add(new CallRecord(call, argument, outcome));
        return outcome;
    }
}
