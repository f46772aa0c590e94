using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Init.Eif;

/// <summary>Reads archives one behind the other from a stream that cannot go back.</summary>
internal sealed class CpioReader
{
    private const int FieldCount = 13;
    private const int ModeField = 1;
    private const int SizeField = 6;
    private const int DeviceMajorField = 9;
    private const int DeviceMinorField = 10;
    private const int NameSizeField = 11;

    private readonly PeekReader _source;
    private readonly RamdiskArchive _archive;
    private readonly RamdiskListing _listing;

    private CpioReader(Stream source, RamdiskArchive archive, RamdiskListing listing)
    {
        _source = new PeekReader(source);
        _archive = archive;
        _listing = listing;
    }

    /// <summary>
    /// Lists archives up to the end, or, where they are not compressed, up to something that is neither zero nor an archive.
    /// </summary>
    /// <returns>How many bytes they took, the zeros behind them included.</returns>
    public static long ReadArchives(Stream source, RamdiskArchive archive, RamdiskListing listing)
    {
        CpioReader reader = new(source, archive, listing);
        while (reader._source.SkipZeros() is int next and >= 0)
        {
            bool isArchive = next == Cpio.Magic[0] && reader._source.Position % Cpio.Alignment == 0;
            if (!isArchive && archive == RamdiskArchive.Plain)
            {
                break;
            }

            if (!isArchive)
            {
                throw RamdiskReader.Refused(reader._source.Position, "no cpio archive at a multiple of four, unpacked");
            }

            reader.ReadArchive();
        }

        return reader._source.Position;
    }

    private void ReadArchive()
    {
        while (ReadEntry())
        {
        }
    }

    /// <returns>False behind the trailer.</returns>
    private bool ReadEntry()
    {
        long position = _source.Position;
        Span<byte> header = stackalloc byte[Cpio.HeaderBytes];
        _source.ReadExactly(header);
        if (!header.StartsWith(Cpio.Magic))
        {
            throw RamdiskReader.Refused(position, "no cpio header (070701), or an archive without a trailer");
        }

        uint[] fields = new uint[FieldCount];
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = Field(position, header, i);
        }

        string name = ReadName(position, fields[NameSizeField]);
        long sizeBytes = fields[SizeField];
        if (name == Cpio.Trailer)
        {
            return sizeBytes == 0 ? false : throw RamdiskReader.Refused(position, "a trailer with content");
        }

        string? digest = ReadContent(position, fields[ModeField], sizeBytes);
        _listing.Add(new RamdiskEntry(
            name, fields[ModeField], sizeBytes, digest, fields[DeviceMajorField], fields[DeviceMinorField], _archive));
        return true;
    }

    private string ReadName(long position, uint sizeBytes)
    {
        if (sizeBytes is < 2 or > Cpio.MaxNameBytes)
        {
            throw RamdiskReader.Refused(position, $"a name of {sizeBytes} bytes, 2 to {Cpio.MaxNameBytes} are allowed");
        }

        byte[] name = new byte[sizeBytes];
        _source.ReadExactly(name);
        if (name.AsSpan().IndexOf((byte)0) != name.Length - 1)
        {
            throw RamdiskReader.Refused(position, "a name that does not end with its one zero");
        }

        SkipPadding();
        return Encoding.UTF8.GetString(name.AsSpan(0, name.Length - 1));
    }

    private string? ReadContent(long position, uint mode, long sizeBytes)
    {
        if ((mode & Cpio.TypeMask) is not (Cpio.RegularFile or Cpio.SymbolicLink))
        {
            return sizeBytes == 0 ? null : throw RamdiskReader.Refused(position, "content of something that is no file");
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA384);
        _source.Read(sizeBytes, piece => hash.AppendData(piece));
        SkipPadding();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void SkipPadding()
    {
        ReadOnlySpan<byte> expected = Cpio.PaddingAt(_source.Position);
        Span<byte> found = stackalloc byte[Cpio.Alignment - 1];
        found = found[..expected.Length];
        _source.ReadExactly(found);
        if (!found.SequenceEqual(expected))
        {
            throw RamdiskReader.Refused(_source.Position, "padding that is not zero");
        }
    }

    private static uint Field(long position, ReadOnlySpan<byte> header, int index)
    {
        ReadOnlySpan<byte> digits = header.Slice(Cpio.MagicBytes + (index * Cpio.FieldBytes), Cpio.FieldBytes);
        return Utf8Parser.TryParse(digits, out uint value, out int consumed, 'x') && consumed == Cpio.FieldBytes
            ? value
            : throw RamdiskReader.Refused(position, $"field {index} of the header is not hexadecimal");
    }
}
