using System.Buffers;

namespace Init.Wire.Tests;

/// <summary>Something that takes hostile bytes, and what must hold of whatever it accepts.</summary>
internal sealed record FuzzTarget(string Name, Action<byte[]> Parse, Action<byte[]> CheckAccepted)
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("deterministic", bytes => Skip(bytes, CborRules.Deterministic), SameUnderBothRules),
        new("well-formed", bytes => Skip(bytes, CborRules.WellFormed), bytes => Diagnostic.Of(bytes, CborRules.WellFormed)),
        Message("request", bytes => RequestCodec.Decode(bytes), bytes => RequestCodec.Encode(RequestCodec.Decode(bytes))),
        Message("reply", bytes => ReplyCodec.Decode(bytes), bytes => ReplyCodec.Encode(ReplyCodec.Decode(bytes))),
        Message("error", bytes => ReplyCodec.DecodeError(bytes), bytes => ReplyCodec.Encode(ReplyCodec.DecodeError(bytes))),
        Message("progress", bytes => ReplyCodec.DecodeProgress(bytes), bytes => ReplyCodec.Encode(ReplyCodec.DecodeProgress(bytes))),
        Message("sealed progress", bytes => ReplyCodec.DecodeSealedProgress(bytes), bytes => ReplyCodec.Encode(ReplyCodec.DecodeSealedProgress(bytes))),
        Message("statement", bytes => EnclaveStatement.Decode(bytes), bytes => EnclaveStatement.Decode(bytes).Encode()),
        new("frames", bytes => Frames(new ReadOnlySequence<byte>(bytes)), FramesAreCanonical),
    ];

    private static FuzzTarget Message(string name, Action<byte[]> parse, Func<byte[], byte[]> recode) =>
        new(name, parse, bytes => Assert.Equal(bytes, recode(bytes)));

    private static void Skip(byte[] bytes, CborRules rules)
    {
        CborReader reader = new(bytes, rules);
        reader.Skip();
        reader.ReadEnd();
    }

    private static void SameUnderBothRules(byte[] bytes)
    {
        string deterministic = Diagnostic.Of(bytes, CborRules.Deterministic);
        try
        {
            Assert.Equal(deterministic, Diagnostic.Of(bytes, CborRules.WellFormed));
        }
        catch (WireException refusal)
        {
            // Keys of other types, or too many of them, are what foreign rules refuse and ours do not.
            Assert.Contains("key", refusal.Message);
        }
    }

    private static long Frames(ReadOnlySequence<byte> buffer)
    {
        while (FrameReader.TryRead(ref buffer, out _))
        {
        }

        return buffer.Length;
    }

    private static void FramesAreCanonical(byte[] bytes)
    {
        ArrayBufferWriter<byte> again = new();
        ReadOnlySequence<byte> buffer = new(bytes);
        while (FrameReader.TryRead(ref buffer, out Frame frame))
        {
            FrameWriter.Write(again, frame.Id, frame.Kind, frame.More, frame.Payload.ToArray());
        }

        int read = bytes.Length - (int)buffer.Length;
        Assert.True(again.WrittenSpan.SequenceEqual(bytes.AsSpan(0, read)));
        int cut = bytes.Length / 2;
        Assert.Equal(buffer.Length, Frames(Segments.Of(bytes, cut / 2, cut, Math.Min(cut + 1, bytes.Length))));
    }
}
