using Init.Linux;
using Init.Simulator.VhostUser.Connections;
using Init.Simulator.VhostUser.Packets;
using Init.Simulator.VhostUser.Rings;

namespace Init.Simulator.VhostUser;

/// <content>To the guest: its rx ring, served in turns from a queue of connections that have something for it.</content>
internal sealed partial class VsockDevice
{
    /// <summary>Packets of one connection before the next has its turn.</summary>
    private const int PacketsAConnection = 16;

    /// <summary>RSTs for packets that came for nobody. A guest that takes none gets no more: it has no connection that could hang.</summary>
    private const int MaxResets = 1024;

    private readonly Queue<VsockConnection> _queue = new();
    private readonly Queue<PacketHeader> _resets = new();
    private bool _isStarved;

    /// <summary>What became of one attempt to send a packet.</summary>
    private enum Sending : byte
    {
        Sent,
        NothingToSend,
        NoBuffer,
        Broken,
    }

    /// <summary>Whether there is something for the guest and it has room.</summary>
    public bool HasMoreToGuest => !_isStarved && _toGuest.Queue is { IsBroken: false } && (_resets.Count > 0 || _queue.Count > 0);

    /// <summary>The guest says that it has given buffers.</summary>
    public void ToGuestKicked()
    {
        _isStarved = false;
        _toGuest.Queue?.WantKicks(false);
    }

    /// <summary>Puts packets into the guest's ring, at most a turn's.</summary>
    public void SendToGuest()
    {
        for (int budget = PacketsATurn; budget > 0 && HasMoreToGuest && _toGuest.Queue is { } queue;)
        {
            Sending outcome = _resets.Count > 0 ? SendLooseReset(queue) : Serve(queue, _queue.Dequeue(), ref budget);
            budget--;
            if (outcome == Sending.Broken)
            {
                RingBroke();
            }
            else if (outcome == Sending.NoBuffer)
            {
                queue.WantKicks(true);
                _isStarved = queue.IsEmpty;
                if (!_isStarved)
                {
                    queue.WantKicks(false);
                }
            }
        }
    }

    private void Enqueue(VsockConnection connection)
    {
        if (!connection.IsQueued)
        {
            connection.IsQueued = true;
            _queue.Enqueue(connection);
        }
    }

    private void EnqueueReset(in PacketHeader refused)
    {
        if (_resets.Count < MaxResets)
        {
            _resets.Enqueue(new PacketHeader
            {
                SourceCid = refused.DestinationCid,
                DestinationCid = refused.SourceCid,
                SourcePort = refused.DestinationPort,
                DestinationPort = refused.SourcePort,
                Type = refused.Type,
                Operation = PacketOperation.Reset,
            });
        }
    }

    private Sending SendLooseReset(Virtqueue queue)
    {
        Sending outcome = TakeBuffer(queue);
        if (outcome == Sending.Sent)
        {
            Put(queue, _resets.Dequeue());
        }

        return outcome;
    }

    /// <summary>One connection's turn. It goes to the queue's end when it has more.</summary>
    private Sending Serve(Virtqueue queue, VsockConnection connection, ref int budget)
    {
        connection.IsQueued = false;
        Sending outcome = Sending.Sent;
        for (int i = 0; i < PacketsAConnection && outcome == Sending.Sent; i++, budget--)
        {
            outcome = connection.Packets != GuestPackets.None ? SendControl(queue, connection) : SendData(queue, connection);
        }

        if (outcome != Sending.NothingToSend && connection.State != ConnectionState.Closed)
        {
            Enqueue(connection);
        }

        return outcome;
    }

    private Sending SendControl(Virtqueue queue, VsockConnection connection)
    {
        // The lowest bit: the enum's order is the order of sending.
        var packet = (GuestPackets)((int)connection.Packets & -(int)connection.Packets);
        (PacketOperation operation, ShutdownFlags flags) = packet switch
        {
            GuestPackets.Reset => (PacketOperation.Reset, ShutdownFlags.None),
            GuestPackets.Request => (PacketOperation.Request, ShutdownFlags.None),
            GuestPackets.Response => (PacketOperation.Response, ShutdownFlags.None),
            GuestPackets.CreditUpdate => (PacketOperation.CreditUpdate, ShutdownFlags.None),
            GuestPackets.CreditRequest => (PacketOperation.CreditRequest, ShutdownFlags.None),
            _ => (PacketOperation.Shutdown, ConnectionTransitions.ToldBy(connection.State)),
        };
        Sending outcome = TakeBuffer(queue);
        if (outcome == Sending.Sent)
        {
            connection.Packets &= ~packet;
            Put(queue, HeaderFor(connection, operation, 0, flags));
            if (packet == GuestPackets.Reset)
            {
                Apply(connection, ConnectionEvent.ResetSent);
            }
        }

        return outcome;
    }

    private Sending SendData(Virtqueue queue, VsockConnection connection)
    {
        if (!connection.IsHostReadable || connection.Host is not { } host || !ConnectionTransitions.CarriesToGuest(connection.State))
        {
            return Sending.NothingToSend;
        }

        uint credit = connection.Credit.Sendable;
        if (credit == 0)
        {
            return AskForCredit(queue, connection);
        }

        Sending outcome = TakeBuffer(queue);
        if (outcome != Sending.Sent)
        {
            return outcome;
        }

        // Straight from the socket into the guest's memory.
        Span<byte> room = Payload(credit);
        IoResult result = DescriptorIo.Read(host, room);
        if (!result.IsDone)
        {
            queue.Unpop();
            return HostGaveNothing(connection, result.Status);
        }

        connection.Credit.Sent(result.Count);
        connection.IsCreditAsked = false;
        Counters.BytesToGuest += result.Count;
        Put(queue, HeaderFor(connection, PacketOperation.Data, (uint)result.Count, ShutdownFlags.None));

        // A short read is not taken for the last one: a program that writes little at a time writes on meanwhile, and the guest's one
        // interrupt is for all of it.
        return Sending.Sent;
    }

    /// <summary>Asks once; then the connection rests until the guest says something.</summary>
    private Sending AskForCredit(Virtqueue queue, VsockConnection connection)
    {
        if (connection.IsCreditAsked)
        {
            return Sending.NothingToSend;
        }

        connection.IsCreditAsked = true;
        connection.Packets |= GuestPackets.CreditRequest;
        return SendControl(queue, connection);
    }

    private Sending HostGaveNothing(VsockConnection connection, IoStatus status)
    {
        if (status is IoStatus.WouldBlock or IoStatus.Exhausted)
        {
            HostIsDrained(connection);
            return Sending.NothingToSend;
        }

        connection.IsHostReadable = false;
        Apply(connection, status == IoStatus.EndOfStream ? ConnectionEvent.HostFinished : ConnectionEvent.HostReset);
        return Sending.NothingToSend;
    }

    /// <summary>Nothing more to read now. After a hang-up there is no event to come: reading goes on to the end.</summary>
    private void HostIsDrained(VsockConnection connection)
    {
        if (connection.IsHungUp)
        {
            return;
        }

        connection.IsHostReadable = false;
        if (connection.IsInputMuted)
        {
            connection.IsInputMuted = false;
            Watch(connection);
        }
    }

    /// <summary>Takes a buffer of the guest's that holds a header and a byte at least.</summary>
    private Sending TakeBuffer(Virtqueue queue) => queue.Pop(_chain, QueueDirection.ToGuest) switch
    {
        PopResult.Empty => Sending.NoBuffer,
        PopResult.Chain when _chain.Bytes > PacketHeader.Bytes => Sending.Sent,
        _ => Sending.Broken,
    };

    /// <summary>The first piece of the buffer behind the header, as far as credit goes. Never empty: see <see cref="TakeBuffer"/>.</summary>
    private Span<byte> Payload(uint credit)
    {
        long end = PacketHeader.Bytes + (long)credit;
        long start = 0;
        for (int i = 0; ; i++)
        {
            Span<byte> part = _chain.Part(i, start, PacketHeader.Bytes, end);
            if (!part.IsEmpty)
            {
                return part;
            }

            start += _chain.Ranges[i].Length;
        }
    }

    private PacketHeader HeaderFor(VsockConnection connection, PacketOperation operation, uint length, ShutdownFlags flags)
    {
        // Every packet tells the guest what has become free: an update that waited has nothing left to say.
        connection.Packets &= ~GuestPackets.CreditUpdate;
        return new PacketHeader
        {
            SourceCid = connection.Key.HostCid,
            DestinationCid = _options.GuestCid,
            SourcePort = connection.Key.HostPort,
            DestinationPort = connection.Key.GuestPort,
            Length = length,
            Type = PacketHeader.Stream,
            Operation = operation,
            Flags = (uint)flags,
            BufferBytes = CreditAccount.BufferBytes,
            ForwardedBytes = connection.Credit.Tell(),
        };
    }

    private void Put(Virtqueue queue, in PacketHeader header)
    {
        Span<byte> bytes = stackalloc byte[PacketHeader.Bytes];
        header.Write(bytes);
        _chain.CopyFrom(bytes);
        Counters.PacketsToGuest++;
        queue.Push(_chain.Head, (int)(PacketHeader.Bytes + header.Length));
    }
}
