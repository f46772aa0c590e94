using System.Text;
using static Init.Linux.Headers.sys_mman_h;

namespace Init.Linux.Tests;

public sealed class MemoryMapTests
{
    // So many lines that it takes several reads, and what is left of a line between them.
    [Fact]
    public unsafe void A_mapping_that_can_be_written_and_executed_is_found_among_a_thousand()
    {
        List<nint> pages = [];
        for (int page = 0; page < 1000; page++)
        {
            // Never two neighbours alike, which the kernel would make one of.
            pages.Add(Map(page % 2 == 0 ? PROT_READ : PROT_READ | PROT_WRITE));
        }

        Assert.DoesNotContain(MemoryMap.FindWritableAndExecutable(), line => pages.Any(page => line.StartsWith($"{page:x}-", StringComparison.Ordinal)));
        pages.Add(Map(PROT_READ | PROT_WRITE | PROT_EXEC));
        Assert.Contains(MemoryMap.FindWritableAndExecutable(), line => line.StartsWith($"{pages[^1]:x}-", StringComparison.Ordinal));
        Assert.All(pages, page => Assert.Equal(0, munmap((void*)page, (nuint)Environment.SystemPageSize)));
    }

    [Theory]
    [InlineData("7f12c0000000-7f12c0021000 rw-p 00000000 00:00 0", false)]
    [InlineData("7f12c0000000-7f12c0021000 r-xp 00000000 00:01 7 /init", false)]
    [InlineData("7f12c0000000-7f12c0021000 rwxp 00000000 00:00 0", true)]
    [InlineData("7f12c0000000-7f12c0021000 -wxs 00000000 00:00 0", true)]
    [InlineData("7f12c0000000-7f12c0021000 r--p 00000000 00:01 7 /wx", false)]
    [InlineData("7f12c0000000-7f12c0021000 rw", true)]
    [InlineData("nonsense", true)]
    [InlineData("", true)]
    public void A_mapping_that_can_be_written_and_executed_is_found(string line, bool isFound) =>
        Assert.Equal(isFound, MemoryMap.IsWritableAndExecutable(Encoding.UTF8.GetBytes(line)));

    private static unsafe nint Map(int protection)
    {
        nint address = mmap(null, (nuint)Environment.SystemPageSize, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        Assert.NotEqual(MAP_FAILED, address);
        return address;
    }
}
