using System.Buffers.Binary;
using System.Text;

namespace Init.Eif.Tests;

/// <summary>Small images in memory, and ways to damage them.</summary>
internal static class SampleImage
{
    public const string CommandLine = "console=ttyS0 panic=-1";

    public static readonly byte[] Kernel = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];

    public static readonly byte[] FirstRamdisk = RamdiskWith("init", "one");

    public static readonly byte[] SecondRamdisk = RamdiskWith("cmd", "two");

    public static readonly byte[] Metadata = Encoding.UTF8.GetBytes("""{"ImageName":"sample"}""");

    public static byte[] Write(byte[]? kernel = null, string commandLine = CommandLine, byte[]? metadata = null, params byte[][] ramdisks)
    {
        using MemoryStream target = new();
        EifWriter.Write(target, Contents(kernel, commandLine, metadata, ramdisks));
        return target.ToArray();
    }

    public static EifContents Contents(
        byte[]? kernel = null, string commandLine = CommandLine, byte[]? metadata = null, params byte[][] ramdisks) => new()
        {
            Kernel = target => target.Write(kernel ?? Kernel),
            CommandLine = commandLine,
            Metadata = metadata ?? Metadata,
            Ramdisks = [.. (ramdisks.Length == 0 ? [FirstRamdisk] : ramdisks).Select(Body)],
        };

    public static EifImage Read(byte[] image) => EifReader.Read(new MemoryStream(image, writable: false));

    /// <summary>The image with other bytes at an offset and a checksum that is right.</summary>
    public static byte[] With(byte[] image, int offset, params byte[] bytes)
    {
        byte[] changed = [.. image];
        bytes.CopyTo(changed, offset);
        return Checksummed(changed);
    }

    public static byte[] Checksummed(byte[] image)
    {
        BinaryPrimitives.WriteUInt32BigEndian(image.AsSpan(544), SlowCrc([.. image[..544], .. image[548..]]));
        return image;
    }

    /// <summary>Puts a section behind all others, with its row in the table.</summary>
    public static byte[] WithSection(byte[] image, EifSectionType type, byte[] body)
    {
        byte[] header = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)type);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(4), (ulong)body.Length);
        byte[] longer = [.. image, .. header, .. body];
        int count = BinaryPrimitives.ReadUInt16BigEndian(longer.AsSpan(26));
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(26), (ushort)(count + 1));
        BinaryPrimitives.WriteUInt64BigEndian(longer.AsSpan(28 + (count * 8)), (ulong)image.Length);
        BinaryPrimitives.WriteUInt64BigEndian(longer.AsSpan(284 + (count * 8)), (ulong)body.Length);
        return Checksummed(longer);
    }

    /// <summary>CRC-32 bit by bit, with no table to share a mistake with.</summary>
    public static uint SlowCrc(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xedb88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }

    private static SectionBody Body(byte[] bytes) => target => target.Write(bytes);

    private static byte[] RamdiskWith(string name, string content)
    {
        Initramfs ramdisk = new();
        ramdisk.AddFile($"/{name}", 0x1ed, FileContent.FromBytes(Encoding.ASCII.GetBytes(content)));
        using MemoryStream target = new();
        ramdisk.WriteTo(target);
        return target.ToArray();
    }
}
