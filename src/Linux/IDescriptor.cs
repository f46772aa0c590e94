namespace Init.Linux;

/// <summary>
/// A descriptor's system calls, each one single attempt. What an outcome means is decided in <see cref="DescriptorIo"/> alone,
/// so that tests can put an adversary here.
/// </summary>
/// <remarks>Every call returns a count of at least 0, or a negative <see cref="Errno"/>. Used by one thread at a time.</remarks>
public interface IDescriptor : IDisposable
{
    /// <summary>The number, for <see cref="Epoll"/>; -1 where there is no kernel behind it.</summary>
    int Number { get; }

    /// <summary>Who is at the other end, known since accept or connect; <see cref="PeerAddress.None"/> otherwise.</summary>
    PeerAddress Peer { get; }

    /// <summary>read(2), once.</summary>
    int Read(Span<byte> buffer);

    /// <summary>write(2), once.</summary>
    int Write(ReadOnlySpan<byte> buffer);

    /// <summary>writev(2) of two pieces, once; where there is no such call, write(2) of the first, as if no more had been taken.</summary>
    /// <param name="first">Not empty.</param>
    /// <param name="second">What follows it.</param>
    int Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Write(first);

    /// <summary>accept4(2), once. The connection is non-blocking and close-on-exec; null unless 0 is returned.</summary>
    int Accept(out IDescriptor? connection);

    /// <summary>SO_ERROR: how a connection attempt ended. 0, or a negative errno.</summary>
    int ConnectError();

    /// <summary>poll(2), once: the events that hold, 0 after the time, or a negative errno.</summary>
    /// <param name="events">What to wait for.</param>
    /// <param name="timeoutMs">How long to wait at most, in milliseconds; at least 0.</param>
    int Poll(PollEvents events, int timeoutMs);

    /// <summary>shutdown(2), once.</summary>
    int Shutdown(ShutdownSides sides);
}
