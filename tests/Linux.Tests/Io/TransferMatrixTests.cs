using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Linux.Tests;

/// <summary>Every way that the calls of a transfer can go, in every order, to a depth that the assertions on the numbers of runs state.</summary>
public sealed class TransferMatrixTests
{
    [FailureMode(20, "Minus one, zero and short")]
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    [InlineData(4, 9)]
    public void ReadExactly_is_right_whatever_happens(int lengthBytes, int inputBytes)
    {
        byte[] input = [.. Enumerable.Range(1, inputBytes).Select(i => (byte)i)];
        int runs = Adversary.ForEach(6, input, run =>
        {
            byte[] buffer = new byte[lengthBytes];
            IoResult result = DescriptorIo.ReadExactly(run.Descriptor, buffer, run.Deadline);
            Trace.Check(result, DescriptorCall.Read, lengthBytes, run);
            Assert.Equal(input.AsSpan(0, result.Count), buffer.AsSpan(0, result.Count));
        });
        Assert.True(runs > 2_000, $"{runs} runs");
    }

    [FailureMode(20, "Minus one, zero and short")]
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(DescriptorIo.MaxWriteBytes)]
    [InlineData(DescriptorIo.MaxWriteBytes + 1)]
    [InlineData((2 * DescriptorIo.MaxWriteBytes) + 2)]
    public void WriteAll_is_right_whatever_happens(int lengthBytes)
    {
        byte[] bytes = [.. Enumerable.Range(1, lengthBytes).Select(i => (byte)i)];
        int runs = Adversary.ForEach(lengthBytes < 100 ? 6 : 4, [], run =>
        {
            IoResult result = DescriptorIo.WriteAll(run.Descriptor, bytes, run.Deadline);
            Trace.Check(result, DescriptorCall.Write, lengthBytes, run);
            Assert.True(bytes.AsSpan(0, result.Count).SequenceEqual([.. run.Memory.Written]));
        });
        Assert.True(runs > 500, $"{runs} runs");
    }

    [Fact]
    public void ReadSome_is_right_whatever_happens()
    {
        int runs = Adversary.ForEach(7, [1, 2, 3], run =>
        {
            IoResult result = DescriptorIo.ReadSome(run.Descriptor, new byte[8], run.Deadline);
            Assert.NotEqual(IoStatus.WouldBlock, result.Status);
            Assert.Equal(result.Status == IoStatus.Done, result.Count > 0);
            Assert.Equal(result.Count, run.Descriptor.Calls.Where(c => c.Call == DescriptorCall.Read).Sum(c => Math.Max(0, c.Outcome)));
        });
        Assert.True(runs > 2_000, $"{runs} runs");
    }

    [Fact]
    public void The_choices_are_all_there_are()
    {
        var choices = new Choices(3);
        HashSet<string> seen = [];
        do
        {
            Assert.True(seen.Add(string.Concat(Enumerable.Range(0, 4).Select(_ => choices.Next(3)))));
        }
        while (choices.MoveNext());

        Assert.Equal(27, seen.Count);
    }
}
