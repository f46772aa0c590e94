using System.Buffers.Binary;
using Init.Linux;
using Init.Nsm;

namespace Init.Simulator.SoftwareNsm;

/// <summary>The client's end of <see cref="SoftwareNsmServer"/>, with the errnos of the driver: ETIMEDOUT for silence, ENODATA when nobody is there.</summary>
/// <remarks>
/// Connected once. After a failure nobody knows where in the stream the next reply begins: every later call is ENODATA.
/// </remarks>
public sealed class UnixSocketNsmDevice : INsmDevice
{
    /// <summary>What the driver waits for a reply (Linux drivers/misc/nsm.c).</summary>
    public static readonly TimeSpan DriverTimeout = TimeSpan.FromSeconds(120);

    private readonly KernelDescriptor _connection;
    private readonly TimeSpan _timeout;
    private readonly byte[] _message = new byte[sizeof(uint) + NsmLimits.RequestBytes];
    private bool _isBroken;

    /// <summary>Connects.</summary>
    /// <param name="path">The server's socket.</param>
    /// <param name="timeout">How long each call, and the connection, may take; <see cref="DriverTimeout"/> is the driver's.</param>
    /// <exception cref="LinuxException">ENOENT, ECONNREFUSED: nobody listens.</exception>
    public UnixSocketNsmDevice(string path, TimeSpan timeout)
    {
        _connection = UnixSocket.Connect(path, timeout);
        _timeout = timeout;
    }

    /// <inheritdoc/>
    public long Opens => 1;

    /// <inheritdoc/>
    public int Exchange(ReadOnlySpan<byte> request, Span<byte> response)
    {
        if (request.Length > NsmLimits.RequestBytes)
        {
            throw new LinuxException("NSM request", Errno.EMSGSIZE);
        }

        if (_isBroken)
        {
            throw new LinuxException("NSM request", Errno.ENODATA);
        }

        _isBroken = true; // until the whole reply is here
        Deadline deadline = Deadline.After(_timeout);
        BinaryPrimitives.WriteUInt32BigEndian(_message, (uint)request.Length);
        request.CopyTo(_message.AsSpan(sizeof(uint)));
        Require(DescriptorIo.WriteAll(_connection, _message.AsSpan(0, sizeof(uint) + request.Length), deadline));
        int length = ReadReply(response, deadline);
        _isBroken = false;
        return length;
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private int ReadReply(Span<byte> response, Deadline deadline)
    {
        Span<byte> header = stackalloc byte[sizeof(uint)];
        Require(DescriptorIo.ReadExactly(_connection, header, deadline));
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header);
        int fitting = (int)Math.Min(length, (uint)response.Length);
        if (fitting > 0)
        {
            Require(DescriptorIo.ReadExactly(_connection, response[..fitting], deadline));
        }

        // The driver cuts off what does not fit; what follows in the stream is the next reply.
        Span<byte> excess = stackalloc byte[256];
        for (uint left = length - (uint)fitting; left > 0;)
        {
            int part = (int)Math.Min(left, (uint)excess.Length);
            Require(DescriptorIo.ReadExactly(_connection, excess[..part], deadline));
            left -= (uint)part;
        }

        return fitting;
    }

    private static void Require(IoResult result)
    {
        if (!result.IsDone)
        {
            throw new LinuxException("NSM over a Unix socket", result.Status switch
            {
                IoStatus.TimedOut => Errno.ETIMEDOUT,
                IoStatus.EndOfStream or IoStatus.Reset => Errno.ENODATA,
                _ => result.Errno,
            });
        }
    }
}
