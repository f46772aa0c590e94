namespace Init.Eif;

/// <summary>
/// Lists what is in a ramdisk: archives one behind the other, plain, gzipped or packed with LZ4, zeros between them, as the kernel's unpack_to_rootfs
/// takes them (init/initramfs.c), and nothing else. Strict where the kernel is lenient.
/// </summary>
public static class RamdiskReader
{
    /// <summary>Entries that are listed at most, in all archives.</summary>
    internal const int MaxEntries = 262_144;

    /// <summary>Bytes of their names, together.</summary>
    internal const int MaxNamesBytes = 32 << 20;

    /// <summary>An enclave holds it in memory, unpacked.</summary>
    internal const long MaxUnpackedBytes = 16L << 30;

    /// <summary>Lists a ramdisk.</summary>
    /// <param name="ramdisk">Seekable; the ramdisk is all of it.</param>
    /// <exception cref="EifException"><see cref="EifError.Ramdisk"/>.</exception>
    public static IReadOnlyList<RamdiskEntry> List(Stream ramdisk)
    {
        ArgumentNullException.ThrowIfNull(ramdisk);
        RamdiskListing listing = new();
        ramdisk.Position = 0;
        for (int first = SkipZeros(ramdisk); first >= 0; first = SkipZeros(ramdisk))
        {
            long position = ramdisk.Position;
            if (first == Cpio.Magic[0] && position % Cpio.Alignment == 0)
            {
                ramdisk.Position = position + CpioReader.ReadArchives(ramdisk, RamdiskArchive.Plain, listing);
            }
            else if (first == GzipMember.FirstByte)
            {
                using GzipMember member = GzipMember.Open(ramdisk, position, MaxUnpackedBytes);
                CpioReader.ReadArchives(member, RamdiskArchive.Gzip, listing);
                ramdisk.Position = member.End();
            }
            else if (first == Lz4Frame.FirstByte)
            {
                using Lz4Member member = Lz4Member.Open(ramdisk, position, MaxUnpackedBytes);
                CpioReader.ReadArchives(member, RamdiskArchive.Lz4, listing);
                ramdisk.Position = member.End;
            }
            else
            {
                throw Refused(position, "neither a cpio archive at a multiple of four nor gzip nor lz4");
            }
        }

        return listing.Entries;
    }

    internal static EifException Refused(long position, string cause, Exception? inner = null) =>
        new(EifError.Ramdisk, $"read ramdisk at byte {position}: {cause}", inner);

    /// <summary>Moves to the next byte that is not zero and returns it; -1 at the end.</summary>
    private static int SkipZeros(Stream stream)
    {
        byte[] piece = new byte[EifFormat.PieceBytes];
        for (int read = stream.Read(piece); read > 0; read = stream.Read(piece))
        {
            int found = piece.AsSpan(0, read).IndexOfAnyExcept((byte)0);
            if (found >= 0)
            {
                stream.Position -= read - found;
                return piece[found];
            }
        }

        return -1;
    }
}
