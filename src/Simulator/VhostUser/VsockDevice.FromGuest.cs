using Init.Simulator.VhostUser.Connections;
using Init.Simulator.VhostUser.Packets;
using Init.Simulator.VhostUser.Rings;

namespace Init.Simulator.VhostUser;

/// <content>From the guest: its tx ring. Every field of every packet is the guest's word, checked here.</content>
internal sealed partial class VsockDevice
{
    /// <summary>Packets of one turn: other events are looked at in between.</summary>
    private const int PacketsATurn = 256;

    /// <summary>Held bytes go to the host at the turn's end, or when they are this many.</summary>
    private const int FlushBytes = 64 * 1024;

    /// <summary>The CIDs that stand for the host: VMADDR_CID_HOST and a Nitro enclave's parent.</summary>
    private const ulong HypervisorCid = 2;
    private const ulong ParentCid = 3;

    private readonly List<VsockConnection> _toFlush = [];

    /// <summary>Whether the guest's ring was left with packets in it.</summary>
    public bool HasMoreFromGuest { get; private set; }

    /// <summary>The guest says that there are packets.</summary>
    public void FromGuestKicked() => HasMoreFromGuest = true;

    /// <summary>Takes packets out of the guest's ring, at most a turn's.</summary>
    public void TakeFromGuest()
    {
        if (!HasMoreFromGuest || _fromGuest.Queue is not { IsBroken: false } queue)
        {
            return;
        }

        queue.WantKicks(false);
        for (int packet = 0; packet < PacketsATurn; packet++)
        {
            PopResult result = queue.Pop(_chain, QueueDirection.FromGuest);
            if (result == PopResult.Broken)
            {
                RingBroke();
                return;
            }

            if (result == PopResult.Empty)
            {
                queue.WantKicks(true);
                if (queue.IsEmpty)
                {
                    HasMoreFromGuest = false;
                    break;
                }

                queue.WantKicks(false);
                continue;
            }

            TakePacket();
            queue.Push(_chain.Head, 0);
        }

        FlushAll();
    }

    private void RingBroke()
    {
        Counters.BrokenRings++;
        Reset();
    }

    private void FlushAll()
    {
        foreach (VsockConnection connection in _toFlush)
        {
            connection.IsToBeFlushed = false;
            FlushHeld(connection);
        }

        _toFlush.Clear();
    }

    private void TakePacket()
    {
        Counters.PacketsFromGuest++;
        Span<byte> bytes = stackalloc byte[PacketHeader.Bytes];
        if (!_chain.TryCopyTo(bytes))
        {
            Counters.RefusedPackets++;
            return;
        }

        PacketHeader header = PacketHeader.Read(bytes);
        if (header.SourceCid != _options.GuestCid)
        {
            // Whoever it claims to be from could not be answered.
            Counters.RefusedPackets++;
            return;
        }

        bool isForHost = header.DestinationCid is HypervisorCid or ParentCid || header.DestinationCid == _options.HostCid;
        if (!isForHost || header.Type != PacketHeader.Stream)
        {
            Refuse(header);
            return;
        }

        var key = new ConnectionKey(header.DestinationCid, header.SourcePort, header.DestinationPort);
        VsockConnection? connection = _connections.Find(key);
        if (header.Operation == PacketOperation.Request)
        {
            TakeRequest(header, key, connection);
        }
        else if (connection is null)
        {
            Refuse(header);
        }
        else
        {
            TakeFor(connection, header);
        }
    }

    /// <summary>A port that is used again means that the guest has forgotten the old connection.</summary>
    private void TakeRequest(in PacketHeader header, ConnectionKey key, VsockConnection? old)
    {
        if (old is not null)
        {
            FlushHeld(old);
            Apply(old, ConnectionEvent.GuestReset);
        }

        if (!HasRoom || _connections.Find(key) is not null)
        {
            Refuse(header);
            return;
        }

        VsockConnection connection = _connections.Add(ConnectionState.Dialing);
        _connections.Name(connection, key);
        connection.Credit.GuestSays(header.BufferBytes, header.ForwardedBytes);
        connection.DialUntil = _options.Time.GetTimestamp() + Ticks(DialFor);
        Dial(connection);
    }

    private void TakeFor(VsockConnection connection, in PacketHeader header)
    {
        connection.Credit.GuestSays(header.BufferBytes, header.ForwardedBytes);
        if (connection.IsHostReadable)
        {
            // It may have waited for credit.
            Enqueue(connection);
        }

        switch (header.Operation)
        {
            case PacketOperation.Data:
                TakeData(connection, header.Length);
                break;
            case PacketOperation.CreditUpdate:
                break;
            case PacketOperation.CreditRequest:
                connection.Packets |= ConnectionTransitions.MaySend(connection.State) ? GuestPackets.CreditUpdate : GuestPackets.None;
                Enqueue(connection);
                break;
            case PacketOperation.Response:
                Apply(connection, ConnectionEvent.GuestAccepted);
                break;
            case PacketOperation.Reset:
                // What it sent before came before, and goes out before.
                FlushHeld(connection);
                Apply(connection, ConnectionEvent.GuestReset);
                break;
            case PacketOperation.Shutdown:
                TakeShutdown(connection, (ShutdownFlags)header.Flags);
                break;
            default:
                BrokeProtocol(connection);
                break;
        }
    }

    private void TakeShutdown(VsockConnection connection, ShutdownFlags flags)
    {
        connection.GuestShutdown |= flags & ShutdownFlags.Both;
        switch (connection.GuestShutdown)
        {
            case ShutdownFlags.Both:
                Apply(connection, ConnectionEvent.GuestLeft);
                break;
            case ShutdownFlags.Send:
                Apply(connection, ConnectionEvent.GuestFinished);
                break;
            case ShutdownFlags.Receive:
                Apply(connection, ConnectionEvent.GuestStoppedReading);
                break;
            default:
                BrokeProtocol(connection);
                break;
        }
    }

    private void TakeData(VsockConnection connection, uint length)
    {
        if (length > _chain.Bytes - PacketHeader.Bytes || !ConnectionTransitions.MaySend(connection.State) || !connection.Credit.TryReceive(length))
        {
            BrokeProtocol(connection);
            return;
        }

        Counters.BytesFromGuest += length;
        if (!ConnectionTransitions.CarriesToHost(connection.State))
        {
            Forwarded(connection, (int)length);
            return;
        }

        Hold(connection, length);
        if (connection.Held.Count >= FlushBytes)
        {
            FlushHeld(connection);
        }
        else if (!connection.IsToBeFlushed)
        {
            connection.IsToBeFlushed = true;
            _toFlush.Add(connection);
        }
    }

    private void Hold(VsockConnection connection, uint length)
    {
        long start = 0;
        for (int i = 0; i < _chain.Count && start < PacketHeader.Bytes + length; i++)
        {
            connection.Held.Append(_chain.Part(i, start, PacketHeader.Bytes, PacketHeader.Bytes + length), _buffers);
            start += _chain.Ranges[i].Length;
        }
    }

    private void BrokeProtocol(VsockConnection connection)
    {
        Counters.RefusedPackets++;
        Apply(connection, ConnectionEvent.GuestBrokeProtocol);
    }

    /// <summary>
    /// Nobody is there for it: RST. An RST for nobody is neither answered nor remarkable: Linux sends a second one when its program closes
    /// what was reset.
    /// </summary>
    private void Refuse(in PacketHeader header)
    {
        if (header.Operation != PacketOperation.Reset)
        {
            Counters.RefusedPackets++;
            EnqueueReset(header);
        }
    }
}
