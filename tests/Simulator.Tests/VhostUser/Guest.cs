using Init.Linux;
using Init.Simulator.VhostUser.Packets;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>
/// A guest without a machine: memory shared with the back end, a driver for its two queues, and the front end that QEMU would be.
/// Synchronous; every wait ends after ten seconds.
/// </summary>
internal sealed class Guest : IDisposable
{
    public const ulong Cid = 16;
    public const uint BufferBytes = 4096;
    public const uint CreditBytes = 1 << 20;
    public const ulong GuestBase = 0x1000_0000;
    public const ulong UserBase = 0x7F00_0000_0000;
    public const int MemoryBytes = 32 << 20;

    private const long RxRing = 0;
    private const long TxRing = GuestQueue.Bytes;
    private const long RxBuffers = 1 << 20;
    private const long TxBuffers = 4 << 20;
    private const int TxSlotBytes = 128 << 10;

    private readonly FileDescriptor _file = MemoryFile.Create("guest", MemoryBytes);
    private readonly EventCounter[] _kicks = [new(), new()];
    private readonly EventCounter[] _calls = [new(), new()];
    private readonly Epoll _epoll = new();
    private int _txFree = GuestQueue.Size;
    private ushort _txNext;

    public Guest(string vhostSocket)
    {
        Memory = new SharedMapping(_file, 0, MemoryBytes);
        Rx = new GuestQueue(Memory, RxRing);
        Tx = new GuestQueue(Memory, TxRing);
        FrontEnd = new FrontEnd(vhostSocket);
        _epoll.Add(_calls[0].Number, EpollEvents.In, 0);
    }

    public SharedMapping Memory { get; }

    public GuestQueue Rx { get; }

    public GuestQueue Tx { get; }

    public FrontEnd FrontEnd { get; }

    /// <summary>What the guest announces as its buffer in packets made by <see cref="Header"/>.</summary>
    public uint AnnouncedBytes { get; set; } = CreditBytes;

    /// <summary>What it announces as taken.</summary>
    public uint TakenBytes { get; set; }

    /// <summary>The handshake as QEMU does it, and all receive buffers given.</summary>
    public void Start()
    {
        FrontEnd.Ask(1);
        FrontEnd.Ask(15);
        FrontEnd.Send(16, FrontEnd.Longs(FrontEnd.ReplyAck));
        FrontEnd.Send(3, []);
        FrontEnd.Send(2, FrontEnd.Longs(FrontEnd.Version1 | FrontEnd.ProtocolFeatures));
        Assert.True(FrontEnd.Try(5, MemoryTable(), _file));
        GiveAllBuffers();
        StartQueue(0, Rx);
        StartQueue(1, Tx);
    }

    /// <summary>A table of one region: all memory.</summary>
    public static byte[] MemoryTable() => [.. FrontEnd.Words(1, 0), .. FrontEnd.Longs(GuestBase, MemoryBytes, UserBase, 0)];

    public void StartQueue(uint index, GuestQueue queue)
    {
        Assert.True(FrontEnd.Try(8, FrontEnd.Words(index, GuestQueue.Size)));
        Assert.True(FrontEnd.Try(10, FrontEnd.Words(index, 0)));
        Assert.True(FrontEnd.Try(9, Addresses(index, queue)));
        using (BorrowedDescriptor kick = new(_kicks[index].Number), call = new(_calls[index].Number))
        {
            Assert.True(FrontEnd.Try(13, FrontEnd.Longs(index), call.Descriptor));
            Assert.True(FrontEnd.Try(12, FrontEnd.Longs(index), kick.Descriptor));
        }

        Assert.True(FrontEnd.Try(18, FrontEnd.Words(index, 1)));
    }

    public static byte[] Addresses(uint index, GuestQueue queue) =>
    [
        .. FrontEnd.Words(index, 0),
        .. FrontEnd.Longs(UserBase + (ulong)queue.Descriptors, UserBase + (ulong)queue.Used, UserBase + (ulong)queue.Available, 0),
    ];

    /// <summary>The driver resets the device, as a guest that boots again does, and starts it anew.</summary>
    public void Restart()
    {
        for (uint index = 0; index < 2; index++)
        {
            FrontEnd.Send(11, FrontEnd.Words(index, 0));
            FrontEnd.ReadReply(11);
        }

        Rx.Clear();
        Tx.Clear();
        _txFree = GuestQueue.Size;
        _txNext = 0;
        GiveAllBuffers();
        StartQueue(0, Rx);
        StartQueue(1, Tx);
    }

    public PacketHeader Header(PacketOperation operation, uint guestPort, uint hostPort, uint flags = 0) => new()
    {
        SourceCid = Cid,
        DestinationCid = 3,
        SourcePort = guestPort,
        DestinationPort = hostPort,
        Type = PacketHeader.Stream,
        Operation = operation,
        Flags = flags,
        BufferBytes = AnnouncedBytes,
        ForwardedBytes = TakenBytes,
    };

    public void Send(PacketOperation operation, uint guestPort, uint hostPort, uint flags = 0) => Send(Header(operation, guestPort, hostPort, flags));

    public void SendData(uint guestPort, uint hostPort, ReadOnlySpan<byte> data) =>
        Send(Header(PacketOperation.Data, guestPort, hostPort) with { Length = (uint)data.Length }, data);

    /// <summary>Puts a packet into the tx ring as Linux does: the header in one buffer, the payload in another.</summary>
    public void Send(in PacketHeader header, ReadOnlySpan<byte> payload = default)
    {
        ushort slot = TakeTxSlot();
        long offset = TxBuffers + ((long)(slot / 2) * TxSlotBytes);
        header.Write(Memory.Span(offset, PacketHeader.Bytes));
        payload.CopyTo(Memory.Span(offset + PacketHeader.Bytes, payload.Length));
        ushort flags = payload.IsEmpty ? (ushort)0 : GuestQueue.Next;
        Tx.WriteDescriptor(slot, Address(offset), PacketHeader.Bytes, flags, (ushort)(slot + 1));
        Tx.WriteDescriptor(slot + 1, Address(offset + PacketHeader.Bytes), (uint)payload.Length, 0, 0);
        Tx.Offer(slot);
        KickTx();
    }

    /// <summary>A buffer of the rx ring.</summary>
    public Span<byte> ReceiveBuffer(uint head) => Memory.Span(RxBuffers + (head * BufferBytes), (int)BufferBytes);

    public static ulong Address(long offset) => GuestBase + (ulong)offset;

    /// <summary>The address of memory that no buffer uses.</summary>
    public static long Scratch => TxBuffers + ((long)GuestQueue.Size / 2 * TxSlotBytes);

    public void KickTx() => _kicks[1].Signal();

    public void KickRx() => _kicks[0].Signal();

    /// <summary>The next packet for the guest; its buffer is given back.</summary>
    public (PacketHeader Header, byte[] Payload) Receive() =>
        TryReceive(TimeSpan.FromSeconds(10)) ?? throw new TimeoutException("no packet for the guest");

    /// <summary>The next packet, which is one of a kind and comes for a connection.</summary>
    public PacketHeader Receive(PacketOperation operation)
    {
        PacketHeader header = Receive().Header;
        Assert.Equal(operation, header.Operation);
        return header;
    }

    /// <summary>Says that nothing comes for the guest: the answer to a packet for nobody comes first.</summary>
    public void ReceiveNothing()
    {
        const uint Nobody = 0xFFFF_FFF0;
        Send(PacketOperation.CreditRequest, Nobody, Nobody);
        PacketHeader header = Receive(PacketOperation.Reset);
        Assert.Equal(Nobody, header.DestinationPort);
    }

    /// <summary>Payload from one connection until a number of bytes have come; other packets are passed over.</summary>
    public byte[] ReceiveData(int bytes)
    {
        using MemoryStream data = new();
        while (data.Length < bytes)
        {
            (PacketHeader header, byte[] payload) = Receive();
            if (header.Operation == PacketOperation.Data)
            {
                data.Write(payload);
            }
        }

        return data.ToArray();
    }

    public (PacketHeader Header, byte[] Payload)? TryReceive(TimeSpan patience)
    {
        Deadline deadline = Deadline.After(patience);
        EpollEvent[] events = new EpollEvent[1];
        uint head, written;
        while (!Rx.TryTakeUsed(out head, out written))
        {
            if (deadline.HasPassed)
            {
                return null;
            }

            if (_epoll.Wait(events, deadline.RemainingMs) > 0)
            {
                _calls[0].Take();
            }
        }

        Span<byte> buffer = ReceiveBuffer(head)[..(int)written];
        (PacketHeader Header, byte[] Payload) packet = (PacketHeader.Read(buffer), buffer[PacketHeader.Bytes..].ToArray());
        Assert.Equal((uint)packet.Payload.Length, packet.Header.Length);
        Rx.Offer((ushort)head);
        if (Rx.WantsKick)
        {
            KickRx();
        }

        return packet;
    }

    public void Dispose()
    {
        FrontEnd.Dispose();
        Memory.Dispose();
        _file.Dispose();
        _epoll.Dispose();
        Array.ForEach(_kicks, k => k.Dispose());
        Array.ForEach(_calls, c => c.Dispose());
    }

    private void GiveAllBuffers()
    {
        for (ushort i = 0; i < GuestQueue.Size; i++)
        {
            Rx.WriteDescriptor(i, Address(RxBuffers + (i * BufferBytes)), BufferBytes, GuestQueue.Write, 0);
            Rx.Offer(i);
        }
    }

    private bool TryReclaim()
    {
        bool hasUsed = Tx.TryTakeUsed(out _, out _);
        _txFree += hasUsed ? 2 : 0;
        return hasUsed;
    }

    private ushort TakeTxSlot()
    {
        Deadline deadline = Deadline.After(TimeSpan.FromSeconds(10));
        while (TryReclaim() || _txFree == 0)
        {
            Assert.False(deadline.HasPassed);
            Thread.Yield();
        }

        _txFree -= 2;
        ushort slot = _txNext;
        _txNext = (ushort)((_txNext + 2) % GuestQueue.Size);
        return slot;
    }
}
