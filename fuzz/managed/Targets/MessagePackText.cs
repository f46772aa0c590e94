using System.Globalization;
using System.Text;
using Init.Prover.MessagePack;

namespace Init.Fuzz.Targets;

/// <summary>A MessagePack document as text, and written again by our writer.</summary>
internal static class MessagePackText
{
    /// <summary>Everything in it.</summary>
    public static string Of(byte[] document)
    {
        StringBuilder text = new();
        MessagePackReader reader = new(document);
        MessagePackWriter writer = MessagePackWriter.Measuring();
        Copy(ref reader, ref writer, text);
        reader.ReadEnd();
        return text.ToString();
    }

    /// <summary>Our writer's encoding; null where there is something in it that it cannot write: negative and floating-point numbers.</summary>
    public static byte[]? Rewritten(byte[] document)
    {
        MessagePackReader reader = new(document);
        byte[] written = new byte[5 * document.Length]; // its heads have a width that does not depend on the length
        MessagePackWriter writer = new(written);
        return Copy(ref reader, ref writer, new StringBuilder()) ? written[..(int)writer.Length] : null;
    }

    private static bool Copy(ref MessagePackReader reader, ref MessagePackWriter writer, StringBuilder text)
    {
        switch (reader.PeekType())
        {
            case MessagePackType.Nil:
                Assert.True(reader.TryReadNil());
                text.Append("nil");
                writer.WriteNil();
                return true;
            case MessagePackType.Boolean:
                bool flag = reader.ReadBoolean();
                text.Append(flag);
                writer.WriteBoolean(flag);
                return true;
            case MessagePackType.Integer:
                return CopyInteger(ref reader, ref writer, text);
            case MessagePackType.Float:
                text.Append(CultureInfo.InvariantCulture, $"{BitConverter.DoubleToInt64Bits(reader.ReadDouble()):x}f");
                return false;
            case MessagePackType.String:
                ReadOnlySpan<byte> utf8 = reader.ReadStringUtf8();
                text.Append('"').Append(Convert.ToHexString(utf8)).Append('"');
                writer.WriteString(utf8);
                return true;
            case MessagePackType.Binary:
                ReadOnlySpan<byte> bytes = reader.ReadBinary();
                text.Append("h'").Append(Convert.ToHexString(bytes)).Append('\'');
                writer.WriteBinary(bytes);
                return true;
            default:
                return CopyContainer(ref reader, ref writer, text);
        }
    }

    private static bool CopyInteger(ref MessagePackReader reader, ref MessagePackWriter writer, StringBuilder text)
    {
        MessagePackReader signed = reader;
        try
        {
            ulong value = reader.ReadUInt64();
            text.Append(value);
            writer.WriteUInt64(value);
            return true;
        }
        catch (Prover.ProverException)
        {
            text.Append(signed.ReadInt64());
            reader = signed;
            return false;
        }
    }

    private static bool CopyContainer(ref MessagePackReader reader, ref MessagePackWriter writer, StringBuilder text)
    {
        bool isMap = reader.PeekType() == MessagePackType.Map;
        int count = isMap ? reader.ReadMapHeader() : reader.ReadArrayHeader();
        if (isMap)
        {
            writer.WriteMapHeader(count);
        }
        else
        {
            writer.WriteArrayHeader(count);
        }

        text.Append(isMap ? '{' : '[');
        bool isWritten = true;
        for (long left = isMap ? 2L * count : count; left > 0; left--)
        {
            // Once something is left out the rest is only read.
            MessagePackWriter measuring = MessagePackWriter.Measuring();
            isWritten = isWritten ? Copy(ref reader, ref writer, text) : Copy(ref reader, ref measuring, text) && false;
            text.Append(' ');
        }

        text.Append(isMap ? '}' : ']');
        return isWritten;
    }
}
