using System.Buffers.Binary;
using Init.Sealing;
using Init.Wire;

namespace Init.Fuzz.Targets;

/// <summary>
/// What happens to a sealed request on its way. Two bytes say what it was (length of the message, of the associated data); then come changes of
/// four bytes each: what, where (two bytes), and a value.
/// </summary>
internal sealed class Journey
{
    /// <summary>How many lengths of message there are.</summary>
    public const int Lengths = 7;

    /// <summary>How much of an input is one change.</summary>
    public const int ChangeBytes = 4;

    /// <summary>How long a request is at most, its boxes' overhead and what may be added included.</summary>
    public const int LargestBytes = 3 * SealedLayout.ChunkBytes;

    private static readonly int[] MessageLengths =
        [1, 2, 17, 300, SealedLayout.ChunkBytes, SealedLayout.ChunkBytes + 1, (2 * SealedLayout.ChunkBytes) + 5];

    private readonly byte[] _changes;

    public Journey(byte[] input)
    {
        int length = MessageLengths[(input.Length > 0 ? input[0] : 0) % Lengths];
        Message = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];
        AssociatedData = new byte[input.Length > 1 ? input[1] : 0];
        _changes = input.Length > 2 ? input[2..] : [];
    }

    public byte[] Message { get; }

    public byte[] AssociatedData { get; }

    /// <summary>The request as it arrives.</summary>
    public Arrived Change(Arrived sent)
    {
        Arrived arrived = sent;
        for (int at = 0; at + ChangeBytes <= _changes.Length; at += ChangeBytes)
        {
            int place = BinaryPrimitives.ReadUInt16LittleEndian(_changes.AsSpan(at + 1));
            arrived = Change(arrived, _changes[at] % 8, place, _changes[at + 3]);
        }

        return arrived;
    }

    private static Arrived Change(Arrived a, int what, int place, byte value) => what switch
    {
        0 => a with { Boxes = Xor(a.Boxes, place, value) },
        1 => a with { Encapsulated = Xor(a.Encapsulated, place, value) },
        2 => a with { Boxes = a.Boxes[..Math.Min(a.Boxes.Length, place)] },
        3 => a with { Boxes = [.. a.Boxes, .. new byte[place % 256]] },
        4 => a with { KeyId = Xor(a.KeyId, place, value) },
        5 => a with { Operation = (byte)(a.Operation ^ value) },
        6 => a with { AssociatedData = value == 0 ? [.. a.AssociatedData, 0] : Xor(a.AssociatedData, place, value) },
        _ => a with { Boxes = Swapped(a.Boxes) },
    };

    private static byte[] Xor(byte[] bytes, int place, byte value)
    {
        byte[] changed = [.. bytes];
        if (changed.Length > 0)
        {
            changed[place % changed.Length] ^= value;
        }

        return changed;
    }

    // The first two boxes, each in the other's place.
    private static byte[] Swapped(byte[] boxes)
    {
        const int Box = SealedLayout.ChunkBytes + SealedLayout.OverheadBytes;
        return boxes.Length < 2 * Box ? boxes : [.. boxes[Box..(2 * Box)], .. boxes[..Box], .. boxes[(2 * Box)..]];
    }

    /// <summary>A request's parts.</summary>
    internal sealed record Arrived(byte[] KeyId, byte Operation, byte[] AssociatedData, byte[] Encapsulated, byte[] Boxes)
    {
        public RequestHeader Header => new(KeyId, (Operation)Operation, AssociatedData);

        public bool IsSame(Arrived other) =>
            KeyId.AsSpan().SequenceEqual(other.KeyId) && Operation == other.Operation && AssociatedData.AsSpan().SequenceEqual(other.AssociatedData)
            && Encapsulated.AsSpan().SequenceEqual(other.Encapsulated) && Boxes.AsSpan().SequenceEqual(other.Boxes);
    }
}
