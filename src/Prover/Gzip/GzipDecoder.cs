using System.Buffers.Binary;

namespace Init.Prover.Gzip;

/// <summary>Decodes one gzip member (RFC 1952) in two passes: measure, then write exactly that much where the caller says.</summary>
/// <remarks>
/// The first pass costs no memory, so a bomb is refused before anything is allocated for it. Files of several members are refused:
/// Noir writes one, and a second would be bytes behind the end that nobody measured.
/// </remarks>
internal static class GzipDecoder
{
    private const int FixedHeaderBytes = 10;
    private const int TrailerBytes = 8;
    private const byte FlagHeaderCrc = 0x02;
    private const byte FlagExtra = 0x04;
    private const byte FlagName = 0x08;
    private const byte FlagComment = 0x10;
    private const byte ReservedFlags = 0xe0;

    /// <summary>Whether <paramref name="input"/> starts as a gzip file does.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> input) => input.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);

    /// <summary>Returns the exact decoded length, without writing anything.</summary>
    /// <param name="input">One gzip member and nothing behind it.</param>
    /// <param name="limitBytes">The most bytes that it may decode to.</param>
    /// <exception cref="ProverException">
    /// InvalidInput: malformed, truncated, trailing bytes, or a stored length (ISIZE) that is not the decoded one. TooLarge: more than
    /// <paramref name="limitBytes"/>. The content's checksum is the second pass's to check.
    /// </exception>
    public static long Measure(ReadOnlySpan<byte> input, long limitBytes)
    {
        ReadOnlySpan<byte> body = input[ReadHeader(input)..];
        long length = Inflater.Measure(body, limitBytes, out int consumed);
        CheckTrailer(body[consumed..], length);
        return length;
    }

    /// <summary>Decodes into all of <paramref name="output"/>.</summary>
    /// <param name="input">One gzip member and nothing behind it.</param>
    /// <param name="output">As long as <see cref="Measure"/> said.</param>
    /// <exception cref="ProverException">
    /// InvalidInput: as for <see cref="Measure"/>, a decoded length other than the output's, or a wrong checksum (CRC32); the output
    /// then holds what was decoded so far.
    /// </exception>
    public static void Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        ReadOnlySpan<byte> body = input[ReadHeader(input)..];
        long length = Inflater.Decode(body, output, out int consumed);
        uint expectedCrc = CheckTrailer(body[consumed..], length);
        if (length != output.Length)
        {
            throw Invalid($"decodes to {length} bytes, not {output.Length}");
        }

        if (Crc32.Compute(output) != expectedCrc)
        {
            throw Invalid("CRC32 differs from the content's");
        }
    }

    private static uint CheckTrailer(ReadOnlySpan<byte> trailer, long length)
    {
        if (trailer.Length < TrailerBytes)
        {
            throw Invalid("truncated trailer");
        }

        if (trailer.Length > TrailerBytes)
        {
            throw Invalid($"{trailer.Length - TrailerBytes} bytes behind the first member");
        }

        // RFC 1952 section 2.3.1: ISIZE is the length modulo 2^32.
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) != (uint)length)
        {
            throw Invalid("ISIZE differs from the content's length");
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }

    private static int ReadHeader(ReadOnlySpan<byte> input)
    {
        if (input.Length < FixedHeaderBytes + TrailerBytes || !HasMagic(input))
        {
            throw Invalid("not a gzip file");
        }

        byte flags = input[3];
        if (input[2] != 8 || (flags & ReservedFlags) != 0)
        {
            throw Invalid($"method {input[2]}, flags 0x{flags:x2}");
        }

        // RFC 1952 section 2.3: the optional fields come in this order.
        int position = FixedHeaderBytes;
        if ((flags & FlagExtra) != 0)
        {
            ThrowIfShort(input, position, 2);
            int extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(input[position..]);
            position += 2;
            ThrowIfShort(input, position, extraBytes);
            position += extraBytes;
        }

        if ((flags & FlagName) != 0)
        {
            position = SkipZeroTerminated(input, position);
        }

        if ((flags & FlagComment) != 0)
        {
            position = SkipZeroTerminated(input, position);
        }

        if ((flags & FlagHeaderCrc) != 0)
        {
            ThrowIfShort(input, position, 2);
            if (BinaryPrimitives.ReadUInt16LittleEndian(input[position..]) != (ushort)Crc32.Compute(input[..position]))
            {
                throw Invalid("CRC16 differs from the header's");
            }

            position += 2;
        }

        return position;
    }

    private static int SkipZeroTerminated(ReadOnlySpan<byte> input, int position)
    {
        int length = input[position..].IndexOf((byte)0);
        return length >= 0 ? position + length + 1 : throw Invalid("truncated header");
    }

    private static void ThrowIfShort(ReadOnlySpan<byte> input, int position, int lengthBytes)
    {
        if (lengthBytes > input.Length - position)
        {
            throw Invalid("truncated header");
        }
    }

    private static ProverException Invalid(string cause) => new(ProverError.InvalidInput, $"read gzip: {cause}");
}
