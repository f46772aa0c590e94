using System.Buffers;

namespace Init.Wire.Tests;

/// <summary>Bytes as they come out of a pipe: in several pieces.</summary>
internal static class Segments
{
    /// <summary>Cut before each of <paramref name="cuts"/>, ascending; equal ones give empty segments.</summary>
    public static ReadOnlySequence<byte> Of(ReadOnlyMemory<byte> bytes, params IEnumerable<int> cuts)
    {
        int start = 0;
        Segment? first = null;
        Segment? last = null;
        foreach (int cut in cuts.Append(bytes.Length))
        {
            last = new Segment(bytes[start..cut], last);
            first ??= last;
            start = cut;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
