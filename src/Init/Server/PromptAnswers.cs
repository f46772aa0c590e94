using Init.Wire;

namespace Init.Server;

/// <summary>
/// Answers that are made where their requests are read, so that those need no place in any table, and that go in one write once what was
/// received is looked at. All connections share the memory; it is zeros between one's turn and the next's. Belongs to the loop's thread.
/// </summary>
internal sealed class PromptAnswers(IRequestRouter router)
{
    /// <summary>The longest message that is answered here.</summary>
    public const int MaxMessageBytes = 1024;

    private const int MaxReplyBytes = MaxMessageBytes + OutgoingMessage.MaxStartBytes;

    private readonly byte[] _frames = new byte[ClearingMemoryPool.SmallBlockBytes];
    private readonly byte[] _reply = new byte[MaxReplyBytes];
    private int _usedBytes;

    /// <summary>What is to be written.</summary>
    public ReadOnlySpan<byte> Frames => _frames.AsSpan(0, _usedBytes);

    /// <summary>Answers a request, if it can be answered here.</summary>
    /// <param name="id">The request's.</param>
    /// <param name="message">Its message.</param>
    /// <returns>False: it takes the ordinary way.</returns>
    public bool TryAdd(ulong id, ReadOnlySpan<byte> message)
    {
        Span<byte> room = _frames.AsSpan(_usedBytes);
        if (message.Length > MaxMessageBytes || room.Length < FrameWriter.MaxHeaderBytes + MaxReplyBytes)
        {
            return false;
        }

        int replyBytes = router.AnswerAtOnce(message, _reply);
        if (replyBytes == 0)
        {
            return false;
        }

        Span<byte> reply = _reply.AsSpan(0, replyBytes);
        _usedBytes += FrameWriter.WriteHeader(room, id, FrameKind.Reply, more: false, reply, rest: []);
        reply.Clear();
        return true;
    }

    /// <summary>They are written, or somebody else has a copy.</summary>
    public void Clear()
    {
        _frames.AsSpan(0, _usedBytes).Clear();
        _usedBytes = 0;
    }
}
