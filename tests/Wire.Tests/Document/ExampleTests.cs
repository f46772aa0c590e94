using System.Buffers;

namespace Init.Wire.Tests;

/// <summary>The specification's examples in hex, out of the document itself.</summary>
public sealed class ExampleTests
{
    private static readonly Dictionary<string, string> Shown = Specification.Fences("hex").ToDictionary(fence => fence.Name, fence => fence.Content);

    private static readonly Dictionary<string, string> ShownWrong =
        Specification.Table("wrong", "frame").ToDictionary(row => row[0], row => row[1]);

    [Fact]
    public void The_document_shows_these_examples_and_no_others()
    {
        Assert.Equal(Example.Right.Keys.Order(), Shown.Keys.Order());
        Assert.Equal(Example.Wrong.Keys.Order(), ShownWrong.Keys.Order());
    }

    [Fact]
    public void An_example_is_what_the_code_writes_with_the_comments_that_belong_to_it() =>
        Assert.All(Example.Right, example => Assert.Equal(Example.Show(example.Value), Shown[example.Key]));

    [Fact]
    public void An_example_out_of_the_document_is_decoded_and_encoded_to_the_same_bytes() => Assert.All(Shown, example =>
    {
        byte[] bytes = Example.Parse(example.Value);
        List<byte> again = [];
        Dictionary<ulong, List<byte>> messages = [];
        ReadOnlySequence<byte> rest = new(bytes);
        while (FrameReader.TryRead(ref rest, out Frame frame))
        {
            again.AddRange(FrameBytes.Of(frame.Id, frame.Kind, frame.More, frame.Payload.ToArray()));
            List<byte> message = messages.TryGetValue(frame.Id, out List<byte>? begun) ? begun : messages[frame.Id] = [];
            message.AddRange(frame.Payload.ToArray());
            if (!frame.More)
            {
                messages.Remove(frame.Id);
                Assert.Equal(message, Recoded(frame.Kind, [.. message]));
                Assert.True(Specification.Cddl.Accepts(frame.Kind.ToString().ToLowerInvariant(), [.. message]));
            }
        }

        Assert.True(rest.IsEmpty);
        Assert.Empty(messages);
        Assert.Equal(bytes, again);
    });

    [Fact]
    public void A_wrong_example_is_refused_with_the_error_it_says() => Assert.All(Specification.Table("wrong", "frame"), row =>
    {
        byte[] bytes = Example.Parse(row[1]);
        Assert.Equal(Example.Wrong[row[0]], bytes);
        (ulong id, WireException refusal) = Refusal(bytes);
        Assert.Equal((row[2], row[3]), ($"{id}", Names.Snake(refusal.Code.ToString()).Replace('_', ' ')));
    });

    // What a server finds in the frame, or behind it in the message.
    private static (ulong Id, WireException Refusal) Refusal(byte[] bytes)
    {
        ulong id = 0;
        WireException refusal = Refused.Always(() =>
        {
            ReadOnlySequence<byte> rest = new(bytes);
            Assert.True(FrameReader.TryRead(ref rest, out Frame frame));
            id = frame.Id;
            RequestCodec.Decode(frame.Payload.ToArray());
        });
        return (id, refusal);
    }

    private static byte[] Recoded(FrameKind kind, byte[] message) => kind switch
    {
        FrameKind.Request => RequestCodec.Encode(RequestCodec.Decode(message)),
        FrameKind.Reply => ReplyCodec.Encode(ReplyCodec.Decode(message)),
        FrameKind.Progress => ReplyCodec.Encode(ReplyCodec.DecodeProgress(message)),
        _ => ReplyCodec.Encode(ReplyCodec.DecodeError(message)),
    };
}
