using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Init.Prover.Gzip;

namespace Init.Prover.Noir;

/// <summary>The bytecode inside what Noir's compiler writes.</summary>
public static class NoirProgram
{
    /// <summary>The most bytes a program file may have; base64 and debug symbols included.</summary>
    public const int MaxFileBytes = 64 << 20;

    private const int MaxJsonDepth = 64;

    /// <summary>Returns the gzipped bytecode of <paramref name="file"/>.</summary>
    /// <param name="file">
    /// Noir's <c>prog.json</c>, an object whose "bytecode" is base64 of gzip; or that gzip itself, returned as it is.
    /// </param>
    /// <exception cref="ProverException">
    /// TooLarge: more than <see cref="MaxFileBytes"/>. InvalidInput: neither of the two, no "bytecode", two of them, one that is no
    /// string, no strict base64 or no gzip. Whether the gzip is whole is found when it is decoded.
    /// </exception>
    public static byte[] ExtractBytecode(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxFileBytes)
        {
            throw new ProverException(ProverError.TooLarge, $"read program: {file.Length} bytes, limit {MaxFileBytes}");
        }

        byte[] bytecode = GzipDecoder.HasMagic(file) ? file.ToArray() : DecodeBase64(FindBytecode(file));
        return GzipDecoder.HasMagic(bytecode) ? bytecode : throw Invalid("\"bytecode\" is not gzip");
    }

    private static ReadOnlySpan<byte> FindBytecode(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxJsonDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw Invalid("neither gzip nor a JSON object");
            }

            bool found = false;
            ReadOnlySpan<byte> bytecode = default;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                bool isBytecode = reader.ValueTextEquals("bytecode"u8);
                reader.Read();
                if (isBytecode)
                {
                    bytecode = found ? throw Invalid("two \"bytecode\" members") : TakeString(ref reader);
                    found = true;
                }

                reader.Skip();
            }

            // The reader refuses anything but white space behind the object.
            reader.Read();
            return found ? bytecode : throw Invalid("no \"bytecode\" member");
        }
        catch (JsonException e)
        {
            throw new ProverException(ProverError.InvalidInput, "read program: malformed JSON", e);
        }
    }

    private static ReadOnlySpan<byte> TakeString(scoped ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped
            ? reader.ValueSpan
            : throw Invalid("\"bytecode\" is not a string of base64");

    private static byte[] DecodeBase64(ReadOnlySpan<byte> base64)
    {
        // The decoder skips white space: with whole groups and an exact length there was none.
        byte[] decoded = new byte[base64.Length / 4 * 3];
        OperationStatus status = Base64.DecodeFromUtf8(base64, decoded, out int consumed, out int written);
        int padding = base64.EndsWith("=="u8) ? 2 : base64.EndsWith("="u8) ? 1 : 0;
        bool valid = status == OperationStatus.Done && consumed == base64.Length && base64.Length % 4 == 0
            && written == decoded.Length - padding;
        return valid ? decoded[..written] : throw Invalid("\"bytecode\" is not base64");
    }

    private static ProverException Invalid(string cause) => new(ProverError.InvalidInput, $"read program: {cause}");
}
