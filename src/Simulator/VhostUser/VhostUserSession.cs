using System.Buffers.Binary;
using Init.Linux;
using Init.Simulator.VhostUser.Protocol;
using Init.Simulator.VhostUser.Rings;

namespace Init.Simulator.VhostUser;

/// <summary>
/// One QEMU's stay: what it says about features, memory and queues. A message that is malformed or not understood is refused and
/// counted, never fatal; QEMU learns of it where it asked for replies. Owned by the back end's thread.
/// </summary>
internal sealed class VhostUserSession : IDisposable
{
    /// <summary>SET_VRING_KICK and CALL: the queue's number, and a bit that says that no descriptor comes.</summary>
    private const ulong QueueMask = 0xFF;

    private readonly VhostUserChannel _channel;
    private readonly Vring[] _vrings;
    private readonly ReadOnlyMemory<byte> _configuration;
    private readonly GuestMemory _memory = new();
    private ulong _features;
    private ulong _protocolFeatures;

    private bool _hasStarted;
    private bool _hasStopped;
    private long _refused;

    /// <summary>Serves one front end.</summary>
    /// <param name="socket">The front end.</param>
    /// <param name="vrings">The device's queues.</param>
    /// <param name="configuration">The device's configuration space; empty when it has none.</param>
    public VhostUserSession(DescriptorSocket socket, Vring[] vrings, ReadOnlyMemory<byte> configuration)
    {
        _channel = new VhostUserChannel(socket);
        _vrings = vrings;
        _configuration = configuration;
    }

    /// <summary>For epoll.</summary>
    public int Number => _channel.Number;

    /// <summary>How many messages were refused since this was last asked.</summary>
    public long TakeRefused() => Interlocked.Exchange(ref _refused, 0);

    /// <summary>Whether a queue was started since this was last asked.</summary>
    public bool TakeStarted() => Interlocked.Exchange(ref _hasStarted, false);

    /// <summary>Whether a queue was stopped since this was last asked: the driver has gone, its connections with it.</summary>
    public bool TakeStopped() => Interlocked.Exchange(ref _hasStopped, false);

    /// <summary>Takes one message if one is there. False: the front end has gone or speaks something else.</summary>
    public bool Serve()
    {
        IoStatus status = _channel.Receive();
        if (status != IoStatus.Done)
        {
            return status == IoStatus.WouldBlock;
        }

        bool isUnderstood = TryCarryOut(out bool isAnswered);
        _refused += isUnderstood ? 0 : 1;
        bool isReplyDue = !isAnswered && _channel.Header.NeedsReply && (_protocolFeatures & VhostUserFeatures.ReplyAck) != 0;
        return !isReplyDue || Reply(isUnderstood ? 0UL : 1UL);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Vring vring in _vrings)
        {
            vring.Clear();
        }

        _memory.Dispose();
        _channel.Dispose();
    }

    private bool TryCarryOut(out bool isAnswered)
    {
        isAnswered = false;
        try
        {
            return _channel.Header.Request switch
            {
                VhostUserRequest.GetFeatures or VhostUserRequest.GetProtocolFeatures or VhostUserRequest.GetQueueCount
                    or VhostUserRequest.GetVringBase => isAnswered = TryAnswer(),
                VhostUserRequest.GetConfig => (isAnswered = true) && TryShowConfiguration(),
                VhostUserRequest.SetMemoryTable => TrySetMemory(),
                VhostUserRequest.SetVringKick or VhostUserRequest.SetVringCall or VhostUserRequest.SetVringError => TrySetEvent(),
                VhostUserRequest.SetVringAddresses => TrySetAddresses(),
                VhostUserRequest.SetVringSize or VhostUserRequest.SetVringBase or VhostUserRequest.SetVringEnable => TrySetVring(),
                VhostUserRequest.SetFeatures => TryTake(ref _features),
                VhostUserRequest.SetProtocolFeatures => TryTake(ref _protocolFeatures),
                VhostUserRequest.SetOwner or VhostUserRequest.ResetOwner or VhostUserRequest.SetConfig => true,
                _ => false,
            };
        }
        catch (LinuxException)
        {
            // A descriptor that is not what the message says.
            return false;
        }
    }

    private bool TryAnswer()
    {
        switch (_channel.Header.Request)
        {
            case VhostUserRequest.GetFeatures:
                return Reply(VhostUserFeatures.Offered);
            case VhostUserRequest.GetProtocolFeatures:
                return Reply(VhostUserFeatures.OfferedProtocol);
            case VhostUserRequest.GetQueueCount:
                return Reply((ulong)_vrings.Length);
            default:
                return TryStopVring();
        }
    }

    /// <summary>An empty answer tells the front end that it asked for something that cannot be.</summary>
    private bool TryShowConfiguration()
    {
        Span<byte> window = stackalloc byte[_channel.Payload.Length];
        bool isSound = DeviceConfiguration.TryAnswer(_channel.Payload, _configuration.Span, window);
        return _channel.Reply(VhostUserRequest.GetConfig, isSound ? window : []) && isSound;
    }

    private bool TryStopVring()
    {
        if (!VringState.TryRead(_channel.Payload, out VringState state) || VringOf(state.Queue) is not { } vring)
        {
            return false;
        }

        Span<byte> reply = stackalloc byte[VringState.WireBytes];
        new VringState(state.Queue, vring.Stop()).Write(reply);
        _hasStopped = true;
        return _channel.Reply(VhostUserRequest.GetVringBase, reply);
    }

    private bool TrySetMemory()
    {
        if (!MemoryRegion.TryReadTable(_channel.Payload, out MemoryRegion[] regions) || regions.Length != _channel.Descriptors.Count)
        {
            return false;
        }

        foreach (Vring vring in _vrings)
        {
            // Its addresses point into what is unmapped next.
            vring.Suspend();
        }

        _memory.Replace(regions, _channel.Descriptors);
        return Array.TrueForAll(_vrings, TryStart);
    }

    private bool TrySetEvent()
    {
        if (_channel.Payload.Length != sizeof(ulong))
        {
            return false;
        }

        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(_channel.Payload);
        if (VringOf((int)(value & QueueMask)) is not { } vring)
        {
            return false;
        }

        switch (_channel.Header.Request)
        {
            case VhostUserRequest.SetVringCall:
                vring.SetCall(TakeEvent());
                return true;
            case VhostUserRequest.SetVringKick:
                vring.SetKick(TakeEvent());
                // Without the protocol's own switch a queue runs from its kick on.
                vring.IsEnabled |= (_features & VhostUserFeatures.ProtocolFeatures) == 0;
                return TryStart(vring);
            default:
                return true;
        }
    }

    private EventCounter? TakeEvent()
    {
        if (_channel.Descriptors.Count == 0)
        {
            return null;
        }

        FileDescriptor descriptor = _channel.Descriptors[0];
        _channel.Descriptors.RemoveAt(0);
        return new EventCounter(descriptor);
    }

    private bool TrySetAddresses()
    {
        if (!VringAddresses.TryRead(_channel.Payload, out VringAddresses addresses) || VringOf(addresses.Queue) is not { } vring)
        {
            return false;
        }

        vring.SetAddresses(addresses);
        return TryStart(vring);
    }

    private bool TrySetVring()
    {
        if (!VringState.TryRead(_channel.Payload, out VringState state) || VringOf(state.Queue) is not { } vring)
        {
            return false;
        }

        switch (_channel.Header.Request)
        {
            case VhostUserRequest.SetVringSize:
                return vring.TrySetSize(state.Value);
            case VhostUserRequest.SetVringBase:
                vring.SetBase((ushort)state.Value);
                return state.Value <= ushort.MaxValue;
            default:
                vring.IsEnabled = state.Value != 0;
                return TryStart(vring);
        }
    }

    private bool TryTake(ref ulong field)
    {
        if (_channel.Payload.Length != sizeof(ulong))
        {
            return false;
        }

        field = BinaryPrimitives.ReadUInt64LittleEndian(_channel.Payload);
        return true;
    }

    private bool TryStart(Vring vring)
    {
        bool wasRunning = vring.Queue is not null;
        bool isSound = vring.TryStart(_memory);
        _hasStarted |= !wasRunning && vring.Queue is not null;
        return isSound;
    }

    private Vring? VringOf(int queue) => (uint)queue < _vrings.Length ? _vrings[queue] : null;

    private bool Reply(ulong value)
    {
        Span<byte> payload = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, value);
        return _channel.Reply(_channel.Header.Request, payload);
    }
}
