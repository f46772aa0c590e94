using System.IO.Compression;
using System.Text;

namespace Init.Eif.Tests.Ramdisk;

/// <summary>Ramdisks in memory, made by hand where the writer under test would hide a mistake.</summary>
internal static class SampleRamdisk
{
    public static byte[] Write(Initramfs ramdisk)
    {
        using MemoryStream target = new();
        ramdisk.WriteTo(target);
        return target.ToArray();
    }

    public static FileContent Text(string text) => FileContent.FromBytes(Encoding.ASCII.GetBytes(text));

    public static IReadOnlyList<RamdiskEntry> List(byte[] ramdisk) => RamdiskReader.List(new MemoryStream(ramdisk, writable: false));

    /// <summary>An archive of one file, its fields as cpio(5) has them.</summary>
    public static byte[] Archive(string name, string content, uint mode = 0x81a4) =>
        [.. Entry(name, content, mode), .. Entry("TRAILER!!!", "", 0)];

    public static byte[] Entry(string name, string content, uint mode)
    {
        string header = $"070701{1:x8}{mode:x8}{0:x8}{0:x8}{1:x8}{0:x8}{content.Length:x8}{0:x8}{0:x8}{0:x8}{0:x8}{name.Length + 1:x8}{0:x8}";
        return Encoding.Latin1.GetBytes(Padded(header + name + "\0") + Padded(content));
    }

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return target.ToArray();
    }

    /// <summary>A frame of one block of literals alone, by the format's description.</summary>
    public static byte[] Lz4(byte[] content)
    {
        byte[] longer = content.Length < 15
            ? []
            : [.. Enumerable.Repeat((byte)255, (content.Length - 15) / 255), (byte)((content.Length - 15) % 255)];
        byte[] block = [(byte)(Math.Min(content.Length, 15) << 4), .. longer, .. content];
        return [0x02, 0x21, 0x4c, 0x18, .. BitConverter.GetBytes(block.Length), .. block];
    }

    private static string Padded(string text) => text.PadRight((text.Length + 3) / 4 * 4, '\0');
}
