using System.Runtime.InteropServices;
using Init.Linux.Headers;
using static Init.Linux.Headers.sys_signalfd_h;

namespace Init.Linux;

/// <summary>Signals as something to read: signalfd(2).</summary>
/// <remarks>
/// Every thread must have them blocked, else their default action is taken: native/init blocks them before the runtime starts
/// its first thread, and threads inherit it. Signals of one kind that come before they are read are one.
/// </remarks>
public sealed class SignalSource : IDisposable
{
    private readonly KernelDescriptor _descriptor;

    /// <summary>Starts listening.</summary>
    /// <param name="signals">Which signals to read.</param>
    /// <exception cref="LinuxException">EMFILE and others.</exception>
    public unsafe SignalSource(params ReadOnlySpan<Signal> signals)
    {
        // Sound: the mask is on this stack and as long as the C library says (sigset_t).
        signal_h.sigset_t mask = default;
        foreach (Signal signal in signals)
        {
            mask[0] |= 1UL << ((int)signal - 1);
        }

        _descriptor = new KernelDescriptor(
            FileDescriptor.FromCall(signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC), "make a signalfd"));
    }

    /// <summary>For <see cref="Epoll"/>: ready to read while a signal is pending.</summary>
    public int Number => _descriptor.Number;

    /// <summary>The next signal that came. Never blocks.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="LinuxException">A bug.</exception>
    public unsafe bool TryRead(out Signal signal)
    {
        Span<byte> bytes = stackalloc byte[sizeof(signalfd_siginfo)];
        IoResult result = DescriptorIo.Read(_descriptor, bytes);
        signal = result.IsDone ? (Signal)MemoryMarshal.Read<signalfd_siginfo>(bytes).ssi_signo : Signal.None;
        return result.IsDone || (result.Status == IoStatus.WouldBlock ? false : throw new LinuxException("read a signalfd", result.Errno));
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}
