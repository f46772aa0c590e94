using System.Runtime.InteropServices;
using System.Text;

namespace Init.Testing;

/// <summary>What an ELF-64 file says of itself: System V ABI, gABI chapters 4 and 5; little-endian. Only what tests ask.</summary>
public sealed class ElfFile
{
    private const uint SymbolTable = 2; // SHT_SYMTAB
    private const uint Dynamic = 2; // PT_DYNAMIC

    private readonly byte[] _bytes;

    public ElfFile(byte[] bytes)
    {
        _bytes = bytes;
        if (!bytes.AsSpan().StartsWith("\u007FELF\u0002\u0001"u8))
        {
            throw new ArgumentException("no ELF-64 file, little-endian", nameof(bytes));
        }
    }

    /// <summary>e_type: 3 is ET_DYN, a position-independent executable or a library.</summary>
    public int Type => At<ushort>(16);

    /// <summary>The program headers.</summary>
    public IReadOnlyList<ElfSegment> Segments => [.. Enumerable.Range(0, At<ushort>(56)).Select(i =>
    {
        int header = (int)At<ulong>(32) + (i * At<ushort>(54));
        return new ElfSegment(At<uint>(header), At<uint>(header + 4), At<ulong>(header + 8), At<ulong>(header + 16), At<ulong>(header + 32), At<ulong>(header + 40));
    })];

    /// <summary>The dynamic section's tags and values, up to DT_NULL.</summary>
    public IReadOnlyList<(long Tag, ulong Value)> DynamicEntries => [.. Segments.Where(s => s.Type == Dynamic).SelectMany(s =>
        Enumerable.Range(0, (int)s.FileBytes / 16)
            .Select(i => (At<long>((int)s.Offset + (16 * i)), At<ulong>((int)s.Offset + (16 * i) + 8)))
            .TakeWhile(entry => entry.Item1 != 0))];

    /// <summary>Names and sizes of what the symbol table defines. A stripped file has none.</summary>
    public IEnumerable<(string Name, ulong SizeBytes)> DefinedSymbols()
    {
        int sections = (int)At<ulong>(40), entryBytes = At<ushort>(58), count = At<ushort>(60);
        for (int i = 0; i < count; i++)
        {
            int header = sections + (i * entryBytes);
            if (At<uint>(header + 4) != SymbolTable)
            {
                continue;
            }

            int strings = (int)At<ulong>(sections + ((int)At<uint>(header + 40) * entryBytes) + 24);
            int start = (int)At<ulong>(header + 24), end = start + (int)At<ulong>(header + 32);
            for (int symbol = start; symbol < end; symbol += 24)
            {
                if (At<ushort>(symbol + 6) != 0) // st_shndx: not SHN_UNDEF
                {
                    yield return (NameAt(strings + (int)At<uint>(symbol)), At<ulong>(symbol + 16));
                }
            }
        }
    }

    private string NameAt(int offset)
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(offset);
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private T At<T>(int offset)
        where T : unmanaged => MemoryMarshal.Read<T>(_bytes.AsSpan(offset));
}

/// <summary>A program header.</summary>
/// <param name="Type">p_type.</param>
/// <param name="Flags">p_flags: 1 executable, 2 writable, 4 readable.</param>
/// <param name="Offset">Where it is in the file.</param>
/// <param name="Address">Where it goes in memory.</param>
/// <param name="FileBytes">How long it is in the file.</param>
/// <param name="MemoryBytes">How long it is in memory.</param>
public sealed record ElfSegment(uint Type, uint Flags, ulong Offset, ulong Address, ulong FileBytes, ulong MemoryBytes);
