namespace Init.Nsm;

/// <summary>
/// One opened Nitro Secure Module: requests go in, replies come out, one at a time. Hardware, QEMU's emulation, or software in tests.
/// </summary>
/// <remarks>Not safe for more than one thread: the session that owns the device gives it one.</remarks>
public interface INsmDevice : IDisposable
{
    /// <summary>How often this process has opened such a device. It stays 1 in an enclave: one handle for life.</summary>
    long Opens { get; }

    /// <summary>One exchange, which blocks until the device has answered: up to 120 s, and nothing can interrupt it.</summary>
    /// <param name="request">CBOR, at most <see cref="NsmLimits.RequestBytes"/>.</param>
    /// <param name="response">Room for the reply: <see cref="NsmLimits.ResponseBytes"/>. A longer reply is cut off without a sign.</param>
    /// <returns>The length of the reply in bytes.</returns>
    /// <remarks>Throws <c>LinuxException</c> when the call failed, and nothing else: its errno says how.</remarks>
    int Exchange(ReadOnlySpan<byte> request, Span<byte> response);
}
