using System.Buffers;

namespace Init.Wire;

/// <summary>A frame whose length, checksum and envelope are right.</summary>
public readonly struct Frame
{
    internal Frame(ulong id, FrameKind kind, bool more, in ReadOnlySequence<byte> payload)
    {
        Id = id;
        Kind = kind;
        More = more;
        Payload = payload;
    }

    /// <summary>Chosen by the client for its request; 0 only with <see cref="FrameKind.Error"/>, for the connection itself.</summary>
    public ulong Id { get; }

    /// <summary>What the message is.</summary>
    public FrameKind Kind { get; }

    /// <summary>Whether another frame of this message follows.</summary>
    public bool More { get; }

    /// <summary>The next bytes of the message, at least one: slices of the buffer that was read, valid as long as it is.</summary>
    public ReadOnlySequence<byte> Payload { get; }
}
