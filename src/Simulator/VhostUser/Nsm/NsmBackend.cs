using Init.Linux;
using Init.Simulator.SoftwareNsm;
using Init.Simulator.VhostUser.Rings;

namespace Init.Simulator.VhostUser.Nsm;

/// <summary>
/// The vhost-user back end of a virtio NSM: a software NSM for QEMU's guest, whose kernel drives it as it drives the real one. One QEMU
/// at a time; the module's PCRs are not reset when the next comes.
/// </summary>
/// <remarks>One thread owns everything but the counters and the faults, and waits in one epoll.</remarks>
public sealed class NsmBackend : IDisposable
{
    private const ulong FrontEndToken = 0;
    private const ulong SessionToken = 1;
    private const ulong WakeToken = 2;
    private const ulong KickToken = 3;

    private readonly Epoll _epoll = new();
    private readonly EventCounter _wake = new();
    private readonly FaultyNsm _nsm;
    private readonly Vring _vring;
    private readonly NsmDevice _device;
    private readonly VhostUserListener _frontEnd;
    private readonly Thread _thread;
    private long _refusedMessages;
    private volatile bool _isStopping;

    private NsmBackend(string socketPath, SoftwareNsmDevice nsm)
    {
        _nsm = new FaultyNsm(nsm);
        RootCertificate = nsm.RootCertificate;
        _vring = new Vring(_epoll, KickToken);
        _device = new NsmDevice(_nsm, _vring);
        try
        {
            _frontEnd = new VhostUserListener(socketPath, _epoll, FrontEndToken, SessionToken, [_vring], configuration: default);
        }
        catch (SimulatorException)
        {
            _wake.Dispose();
            _epoll.Dispose();
            _nsm.Dispose();
            throw;
        }

        _epoll.Add(_wake.Number, EpollEvents.In, WakeToken);
        _thread = new Thread(Run) { IsBackground = true, Name = "NSM back end" };
    }

    /// <summary>DER; what a verifier of this module's documents pins in place of AWS's root. Empty where documents are unsigned.</summary>
    public ReadOnlyMemory<byte> RootCertificate { get; }

    /// <summary>What goes wrong from now on. A delay holds up QEMU's messages too.</summary>
    public SoftwareNsmFaults Faults
    {
        get => _nsm.Faults;
        set => _nsm.Faults = value;
    }

    /// <summary>Requests since the start, the kernel's own for its hwrng among them.</summary>
    public long Calls => _nsm.Calls;

    /// <summary>How often the guest wrote nonsense into the ring.</summary>
    public long BrokenRings => _device.BrokenRings;

    /// <summary>How many of QEMU's messages were refused.</summary>
    public long RefusedMessages => Interlocked.Read(ref _refusedMessages);

    /// <summary>Listens and starts the thread.</summary>
    /// <param name="socketPath">The Unix socket that QEMU's chardev connects to.</param>
    /// <param name="nsm">The module. The back end disposes of it.</param>
    /// <exception cref="SimulatorException">SocketInUse, SocketPathTooLong.</exception>
    public static NsmBackend Start(string socketPath, SoftwareNsmDevice nsm)
    {
        ArgumentNullException.ThrowIfNull(nsm);
        var backend = new NsmBackend(socketPath, nsm);
        backend._thread.Start();
        return backend;
    }

    /// <summary>Ends the thread and removes the socket.</summary>
    public void Dispose()
    {
        if (_isStopping)
        {
            return;
        }

        _isStopping = true;
        _nsm.Stopping.Set();
        _wake.Signal();
        _thread.Join();
        _frontEnd.Dispose();
        _wake.Dispose();
        _epoll.Dispose();
        _nsm.Dispose();
    }

    private void Run()
    {
        var events = new EpollEvent[4];
        while (!_isStopping)
        {
            int count = _epoll.Wait(events, _device.HasMore ? 0 : -1);
            try
            {
                foreach (EpollEvent ready in events.AsSpan(0, count))
                {
                    Dispatch(ready.Token);
                }

                _device.Serve();
                _vring.SignalGuest();
            }
            catch (LinuxException)
            {
                // What the front end sent as an eventfd is none.
                _frontEnd.EndSession();
            }
        }
    }

    private void Dispatch(ulong token)
    {
        switch (token)
        {
            case FrontEndToken:
                _frontEnd.Accept();
                break;
            case SessionToken:
                if ((_frontEnd.Serve() & SessionChanges.Started) != 0)
                {
                    _device.Kicked();
                }

                Interlocked.Add(ref _refusedMessages, _frontEnd.TakeRefused());
                break;
            case KickToken:
                if (_vring.TakeKick())
                {
                    _device.Kicked();
                }

                break;
            default:
                _wake.Take();
                break;
        }
    }
}
