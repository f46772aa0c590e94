using Init.Testing;

namespace Init.Init.Tests.Binary;

/// <summary>How the kernel maps the enclave's program: System V ABI, and the GNU extensions of elf(5).</summary>
public sealed class SegmentTests
{
    private const int PositionIndependent = 3; // ET_DYN
    private const uint Load = 1, Interpreter = 3, Stack = 0x6474e551, ReadOnlyAfterRelocation = 0x6474e552; // PT_..
    private const uint Executable = 1, Writable = 2; // PF_..
    private const long Needed = 1, TextRelocations = 22, BindNow = 24, RunPath = 29, Flags = 30, Flags1 = 0x6ffffffb; // DT_..
    private const ulong FlagTextRelocations = 4, FlagBindNow = 8, Flag1Now = 1, Flag1Pie = 0x08000000; // DF_.. and DF_1_..

    [BinaryFact]
    public void It_is_a_static_position_independent_executable()
    {
        ElfFile program = Read(BinaryFactAttribute.Program);
        Assert.Equal(PositionIndependent, program.Type);
        Assert.DoesNotContain(program.Segments, segment => segment.Type == Interpreter);
        Assert.DoesNotContain(program.DynamicEntries, entry => entry.Tag is Needed or RunPath or TextRelocations);
        Assert.Equal(Flag1Pie, Value(program, Flags1) & Flag1Pie);
        Assert.Equal(0UL, Value(program, Flags) & FlagTextRelocations);
    }

    [BinaryFact]
    public void Nothing_is_written_and_executed_and_the_stack_is_not_executed()
    {
        ElfFile program = Read(BinaryFactAttribute.Program);
        Assert.NotEmpty(program.Segments);
        Assert.DoesNotContain(program.Segments, segment => IsWrittenAndExecuted(segment));
        ElfSegment stack = Assert.Single(program.Segments, segment => segment.Type == Stack);
        Assert.Equal(0u, stack.Flags & Executable);
        Assert.Single(program.Segments, segment => segment.Type == Load && (segment.Flags & Executable) != 0);
    }

    [BinaryFact]
    public void What_relocation_has_written_is_read_only_afterwards()
    {
        ElfFile program = Read(BinaryFactAttribute.Program);
        ElfSegment relro = Assert.Single(program.Segments, segment => segment.Type == ReadOnlyAfterRelocation);
        ElfSegment around = Assert.Single(program.Segments, segment => segment.Type == Load && segment.Address == relro.Address);
        Assert.Equal(around.MemoryBytes, relro.MemoryBytes); // all of it, from page to page: nothing else is in that segment
        Assert.Equal((0UL, 0UL), (relro.Address % 16, (relro.Address + relro.MemoryBytes) % 4096));
        Assert.True((Value(program, Flags) & FlagBindNow) != 0 || program.DynamicEntries.Any(entry => entry.Tag == BindNow));
        Assert.Equal(Flag1Now, Value(program, Flags1) & Flag1Now);
    }

    [Fact]
    public void The_reader_sees_an_interpreter_and_a_needed_library_where_there_are_some()
    {
        // Otherwise nothing above could fail. This runtime's host is dynamically linked.
        ElfFile host = Read(Environment.ProcessPath!);
        Assert.Contains(host.Segments, segment => segment.Type == Interpreter);
        Assert.Contains(host.DynamicEntries, entry => entry.Tag == Needed);
    }

    [BinaryFact]
    public void A_segment_that_is_written_and_executed_would_be_found()
    {
        byte[] bytes = File.ReadAllBytes(BinaryFactAttribute.Program);
        int header = BitConverter.ToInt32(bytes, 32) + BitConverter.ToUInt16(bytes, 54); // the second: the first is PT_PHDR
        bytes[header + 4] |= (byte)(Executable | Writable);
        Assert.Contains(new ElfFile(bytes).Segments, segment => IsWrittenAndExecuted(segment));
    }

    private static bool IsWrittenAndExecuted(ElfSegment segment) => (segment.Flags & (Executable | Writable)) == (Executable | Writable);

    private static ulong Value(ElfFile program, long tag) => program.DynamicEntries.SingleOrDefault(entry => entry.Tag == tag).Value;

    private static ElfFile Read(string path) => new(File.ReadAllBytes(path));
}
