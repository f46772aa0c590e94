using System.Globalization;
using System.Text;

namespace Init.Eif;

/// <summary>
/// Writes one cpio archive. Owner and group are root, times the epoch, inode numbers those it is given: nothing of the machine
/// that builds gets in.
/// </summary>
internal sealed class CpioWriter(Stream target)
{
    private long _position;

    public void Write(CpioEntry entry, uint inode)
    {
        WriteHeader(entry, inode);
        if (entry.Content is { } content)
        {
            using Stream source = content.Open();
            Copy(entry.Path, source, content.SizeBytes);
            Pad();
        }
    }

    /// <summary>Writes the trailer, up to the next multiple of four.</summary>
    public void Finish() => WriteHeader(new CpioEntry(Cpio.Trailer, Mode: 0), inode: 0);

    private void WriteHeader(CpioEntry entry, uint inode)
    {
        byte[] name = Encoding.ASCII.GetBytes(entry.Path);
        // A folder's "." and its own name; a count of 2 would make the kernel look for another name of a file.
        uint links = (entry.Mode & Cpio.TypeMask) == Cpio.Folder ? 2u : 1u;
        uint sizeBytes = (uint)(entry.Content?.SizeBytes ?? 0);
        uint[] fields =
        [
            inode, entry.Mode, 0, 0, links, 0, sizeBytes, 0, 0, entry.DeviceMajor, entry.DeviceMinor, (uint)name.Length + 1, 0,
        ];
        StringBuilder header = new(Cpio.HeaderBytes);
        header.Append(Encoding.ASCII.GetString(Cpio.Magic));
        foreach (uint field in fields)
        {
            header.Append(field.ToString("X8", CultureInfo.InvariantCulture));
        }

        Put(Encoding.ASCII.GetBytes(header.ToString()));
        Put(name);
        Put([0]);
        Pad();
    }

    private void Copy(string path, Stream source, long sizeBytes)
    {
        StreamPieces.Read(source, sizeBytes, Put);
        if (source.ReadByte() >= 0)
        {
            throw new EifException(EifError.InvalidInput, $"write ramdisk: /{path} grew while it was read");
        }
    }

    private void Pad() => Put(Cpio.PaddingAt(_position));

    private void Put(ReadOnlySpan<byte> bytes)
    {
        target.Write(bytes);
        _position += bytes.Length;
    }
}
