using Init.Testing;

namespace Init.Linux.Tests;

[Collection(nameof(AloneGroup))]
public sealed class StandardStreamsTests
{
    [Fact]
    public void The_standard_streams_are_replaced()
    {
        string file = Path.Combine(Places.Scratch("streams"), "f");
        File.WriteAllText(file, "");
        int[] saved = [.. Enumerable.Range(0, 3).Select(Native.dup)];
        string[] links;
        try
        {
            using FileDescriptor target = FileSystem.Open(file, OpenOptions.ReadWrite);
            FileSystem.PointStandardStreamsAt(target);
            links = [.. Enumerable.Range(0, 3).Select(n => FileSystem.ReadLink($"/proc/self/fd/{n}"))];
        }
        finally
        {
            for (int number = 0; number < 3; number++)
            {
                Native.dup2(saved[number], number);
                Native.close(saved[number]);
            }
        }

        Assert.Equal([file, file, file], links);
    }
}
