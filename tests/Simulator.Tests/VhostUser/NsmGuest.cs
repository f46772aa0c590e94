using Init.Linux;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>A guest without a machine that drives an NSM as Linux's driver does: one queue, two buffers a call, one kick after both.</summary>
internal sealed class NsmGuest : IDisposable
{
    public const int ResponseBytes = 0x3000;

    /// <summary>Where the guest's memory holds the request and the response.</summary>
    public const long RequestAt = 1 << 20;
    public const long ResponseAt = 2 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileDescriptor _file = MemoryFile.Create("guest", Guest.MemoryBytes);
    private readonly EventCounter _kick = new();
    private readonly EventCounter _call = new();
    private readonly Epoll _epoll = new();

    public NsmGuest(string socket)
    {
        Memory = new SharedMapping(_file, 0, Guest.MemoryBytes);
        Queue = new GuestQueue(Memory, 0);
        FrontEnd = new FrontEnd(socket);
        _epoll.Add(_call.Number, EpollEvents.In, 0);
        FrontEnd.Ask(1);
        FrontEnd.Ask(15);
        FrontEnd.Send(16, FrontEnd.Longs(FrontEnd.ReplyAck));
        FrontEnd.Send(3, []);
        FrontEnd.Send(2, FrontEnd.Longs(FrontEnd.Version1 | FrontEnd.ProtocolFeatures));
        Assert.True(FrontEnd.Try(5, Guest.MemoryTable(), _file));
        Start();
    }

    public SharedMapping Memory { get; }

    public GuestQueue Queue { get; }

    public FrontEnd FrontEnd { get; }

    /// <summary>The driver resets the device and starts it anew.</summary>
    public void Restart()
    {
        FrontEnd.Send(11, FrontEnd.Words(0, 0));
        FrontEnd.ReadReply(11);
        Queue.Clear();
        Start();
    }

    /// <summary>One call, from the request to the reply.</summary>
    public byte[] Call(ReadOnlySpan<byte> request, int roomBytes = ResponseBytes)
    {
        OfferRequest(request);
        OfferRoom(roomBytes);
        Kick();
        return Reply();
    }

    public void OfferRequest(ReadOnlySpan<byte> request)
    {
        request.CopyTo(Memory.Span(RequestAt, request.Length));
        Queue.WriteDescriptor(0, Guest.Address(RequestAt), (uint)request.Length, 0, 0);
        Queue.Offer(0);
    }

    public void OfferRoom(int bytes)
    {
        Memory.Span(ResponseAt, ResponseBytes).Fill(0xEE);
        Queue.WriteDescriptor(1, Guest.Address(ResponseAt), (uint)bytes, GuestQueue.Write, 0);
        Queue.Offer(1);
    }

    public void Kick() => _kick.Signal();

    /// <summary>Waits for both buffers, and for what is in the second. Nothing behind it was written.</summary>
    public byte[] Reply()
    {
        Assert.Equal((0U, 0U), TakeUsed());
        (uint head, uint written) = TakeUsed();
        Assert.Equal(1U, head);
        Assert.True(Memory.Span(ResponseAt + written, (int)(ResponseBytes - written)).IndexOfAnyExcept((byte)0xEE) < 0);
        return Memory.Span(ResponseAt, (int)written).ToArray();
    }

    /// <summary>Says that nothing was given back: whoever answers this message has looked at the ring before.</summary>
    public void ReceiveNothing()
    {
        FrontEnd.Ask(1);
        FrontEnd.Ask(1);
        Assert.False(Queue.TryTakeUsed(out _, out _));
    }

    public void Dispose()
    {
        FrontEnd.Dispose();
        Memory.Dispose();
        _file.Dispose();
        _epoll.Dispose();
        _kick.Dispose();
        _call.Dispose();
    }

    private void Start()
    {
        Assert.True(FrontEnd.Try(8, FrontEnd.Words(0, GuestQueue.Size)));
        Assert.True(FrontEnd.Try(10, FrontEnd.Words(0, 0)));
        Assert.True(FrontEnd.Try(9, Guest.Addresses(0, Queue)));
        using (BorrowedDescriptor kick = new(_kick.Number), call = new(_call.Number))
        {
            Assert.True(FrontEnd.Try(13, FrontEnd.Longs(0), call.Descriptor));
            Assert.True(FrontEnd.Try(12, FrontEnd.Longs(0), kick.Descriptor));
        }

        Assert.True(FrontEnd.Try(18, FrontEnd.Words(0, 1)));
    }

    private (uint Head, uint Written) TakeUsed()
    {
        Deadline deadline = Deadline.After(Patience);
        EpollEvent[] events = new EpollEvent[1];
        uint head, written;
        while (!Queue.TryTakeUsed(out head, out written))
        {
            Assert.False(deadline.HasPassed, "no reply");
            if (_epoll.Wait(events, deadline.RemainingMs) > 0)
            {
                _call.Take();
            }
        }

        return (head, written);
    }
}
