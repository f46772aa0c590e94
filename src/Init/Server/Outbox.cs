using Init.Wire;

namespace Init.Server;

/// <summary>Messages on their way out of one connection, a frame of each in turn, so that a small one overtakes a large one.</summary>
/// <remarks>Guarded by its connection's lock. Bytes are held once, where the handler put them.</remarks>
/// <param name="framePayloadBytes">The most that one frame carries.</param>
internal sealed class Outbox(int framePayloadBytes)
{
    private readonly Queue<OutgoingMessage> _messages = [];

    /// <summary>Messages that wait or are under way.</summary>
    public int Count => _messages.Count;

    /// <summary>Adds a message behind the others.</summary>
    public void Add(OutgoingMessage message) => _messages.Enqueue(message);

    /// <summary>Takes the next frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <returns>False: nothing waits.</returns>
    public bool TryTake(out OutgoingFrame frame)
    {
        frame = default;
        if (!_messages.TryDequeue(out OutgoingMessage? message))
        {
            return false;
        }

        int length = Math.Min(message.Unsent.Length, framePayloadBytes - message.Start.Length);
        KnownBytes? known = message.TakeKnown(length);
        length = known?.Count ?? length;
        frame = new OutgoingFrame(message, message.Start, message.Unsent[..length], More: length < message.Unsent.Length, known);
        (message.Start, message.Unsent) = (default, message.Unsent[length..]);
        if (!message.IsSent)
        {
            _messages.Enqueue(message);
        }

        return true;
    }

    /// <summary>Drops everything.</summary>
    public IReadOnlyList<OutgoingMessage> Clear()
    {
        OutgoingMessage[] dropped = [.. _messages];
        _messages.Clear();
        return dropped;
    }
}

/// <summary>The next frame of a message.</summary>
/// <param name="Message">Whose it is.</param>
/// <param name="Start">What its payload begins with.</param>
/// <param name="Rest">The rest of its payload.</param>
/// <param name="More">Whether another frame of the message follows.</param>
/// <param name="Known">What is known of the rest; null: it is to be gone over.</param>
internal readonly record struct OutgoingFrame(
    OutgoingMessage Message, ReadOnlyMemory<byte> Start, ReadOnlyMemory<byte> Rest, bool More, KnownBytes? Known)
{
    /// <summary>Who is answered when it is written.</summary>
    public InFlightRequest? Answered => More ? null : Message.Request;
}

/// <summary>A message that is being written.</summary>
internal sealed class OutgoingMessage(ulong id, FrameKind kind, ReadOnlyMemory<byte> body, InFlightRequest? request)
{
    /// <summary>The most that stands before a body.</summary>
    public const int MaxStartBytes = 16;

    /// <summary>The request's id; 0 for the connection's own error.</summary>
    public ulong Id { get; } = id;

    /// <summary>What the message is.</summary>
    public FrameKind Kind { get; } = kind;

    /// <summary>The request that this answers and that is done with when it is written; null for anything but an answer.</summary>
    public InFlightRequest? Request { get; } = request;

    /// <summary>What stands before the body, while no frame carries it.</summary>
    public ReadOnlyMemory<byte> Start { get; set; }

    /// <summary>What no frame carries yet.</summary>
    public ReadOnlyMemory<byte> Unsent { get; set; } = body;

    /// <summary>What is known of the body; null: nothing.</summary>
    public KnownBody? Known { get; set; }

    /// <summary>What is known of the next bytes, at most so many of them; null: nothing, from here on.</summary>
    public KnownBytes? TakeKnown(int maxBytes)
    {
        if (Known is not null && Known.TryTake(maxBytes, out KnownBytes next))
        {
            return next;
        }

        Known = null;
        return null;
    }

    /// <summary>Whether frames carry all of it.</summary>
    public bool IsSent => Unsent.IsEmpty;
}
