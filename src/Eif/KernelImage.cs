using System.Buffers.Binary;
using System.Text;

namespace Init.Eif;

/// <summary>The header of a bzImage (Linux, Documentation/arch/x86/boot.rst).</summary>
public static class KernelImage
{
    private const int MagicOffset = 0x202;
    private const int VersionPointerOffset = 0x20e;
    private const int SetupOffset = 0x200;
    private const int MaxVersionBytes = 256;
    private const int MaxSetupBytes = 32 << 10;

    /// <summary>Reads the kernel's release from its beginning.</summary>
    /// <param name="kernel">Read from its position on.</param>
    /// <returns>The release, <c>6.12.1</c>.</returns>
    /// <exception cref="EifException"><see cref="EifError.InvalidInput"/>: not a bzImage.</exception>
    public static string ReadVersion(Stream kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        byte[] buffer = new byte[MaxSetupBytes];
        ReadOnlySpan<byte> setup = buffer.AsSpan(0, kernel.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        if (setup.Length < VersionPointerOffset + sizeof(ushort) || !setup[MagicOffset..].StartsWith("HdrS"u8))
        {
            throw NotBzImage("no HdrS at byte 514");
        }

        int position = SetupOffset + BinaryPrimitives.ReadUInt16LittleEndian(setup[VersionPointerOffset..]);
        if (position >= setup.Length)
        {
            throw NotBzImage("its version lies outside of its set-up code");
        }

        // "6.12.1 (user@host) #1 SMP ..": the release alone, the rest names who built it.
        ReadOnlySpan<byte> text = setup[position..Math.Min(setup.Length, position + MaxVersionBytes)];
        int end = text.IndexOfAny((byte)0, (byte)' ');
        return end > 0 && !text[..end].ContainsAnyExceptInRange((byte)'!', (byte)'~')
            ? Encoding.ASCII.GetString(text[..end])
            : throw NotBzImage("it names no version");
    }

    private static EifException NotBzImage(string cause) => new(EifError.InvalidInput, $"read kernel: not a bzImage: {cause}");
}
