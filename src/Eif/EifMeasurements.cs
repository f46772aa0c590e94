using System.Text.Json;

namespace Init.Eif;

/// <summary>What the NSM will attest of an image, predicted: SHA-384 registers as lower-case hexadecimal digits.</summary>
/// <remarks>
/// With H = SHA-384 over section bodies: PCR0 = H(0^48 ‖ H(kernel ‖ command line ‖ all ramdisks)), PCR1 the same with the first ramdisk
/// only, PCR2 with the other ramdisks only, PCR8 = H(0^48 ‖ H(certificate, DER)). Header, metadata and signature are in none of them.
/// In debug mode all four are zero.
/// </remarks>
/// <param name="Pcr0">The whole image.</param>
/// <param name="Pcr1">Kernel, command line, first ramdisk.</param>
/// <param name="Pcr2">The other ramdisks.</param>
/// <param name="Pcr8">The signing certificate; null for an image without a signature.</param>
public sealed record EifMeasurements(string Pcr0, string Pcr1, string Pcr2, string? Pcr8 = null)
{
    /// <summary>PCR2 of every image with one ramdisk: the measurement of nothing.</summary>
    public const string Pcr2OfOneRamdisk =
        "21b9efbc184807662e966d34f390821309eeac6802309798826296bf3e8bec7c10edb30948c90ba67310f7b964fc500a";

    private const int DigestBytes = 48;
    private const string MeasurementsName = "Measurements";
    private const string AlgorithmName = "HashAlgorithm";

    /// <summary>How nitro-cli names the algorithm (the Debug form of a Rust type).</summary>
    private const string AlgorithmValue = "Sha384 { ... }";

    /// <summary>The registers that there are, by number.</summary>
    public IEnumerable<(int Index, string Value)> Registers
    {
        get
        {
            yield return (0, Pcr0);
            yield return (1, Pcr1);
            yield return (2, Pcr2);
            if (Pcr8 is not null)
            {
                yield return (8, Pcr8);
            }
        }
    }

    /// <summary>Reads what nitro-cli or <see cref="WriteJson"/> wrote, with or without the outer <c>Measurements</c>.</summary>
    /// <exception cref="EifException"><see cref="EifError.Measurements"/>.</exception>
    public static EifMeasurements FromJson(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(MeasurementsName, out JsonElement inner))
            {
                root = inner;
            }

            return root.ValueKind == JsonValueKind.Object
                ? new EifMeasurements(Required(root, "PCR0"), Required(root, "PCR1"), Required(root, "PCR2"), Optional(root, "PCR8"))
                : throw new EifException(EifError.Measurements, "read measurements: not a JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half of a surrogate pair.
            throw new EifException(EifError.Measurements, "read measurements: not JSON", e);
        }
    }

    /// <summary>
    /// The registers that differ. Without an expected PCR8 nothing is said of the signature: PCR0 to 2 do not depend on it.
    /// </summary>
    public IReadOnlyList<int> DifferencesFrom(EifMeasurements expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        return [.. expected.Registers.Except(Registers).Select(r => r.Index)];
    }

    /// <summary>Writes the property <c>Measurements</c> as nitro-cli does, into an object that is open.</summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject(MeasurementsName);
        writer.WriteString(AlgorithmName, AlgorithmValue);
        foreach ((int index, string value) in Registers)
        {
            writer.WriteString($"PCR{index}", value);
        }

        writer.WriteEndObject();
    }

    private static string Required(JsonElement root, string name) =>
        Optional(root, name) ?? throw new EifException(EifError.Measurements, $"read measurements: {name} is missing");

    private static string? Optional(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out JsonElement element))
        {
            return null;
        }

        string value = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
        return value.Length == 2 * DigestBytes && value.All(char.IsAsciiHexDigit)
            ? value.ToLowerInvariant()
            : throw new EifException(EifError.Measurements, $"read measurements: {name} is not {2 * DigestBytes} hexadecimal digits");
    }
}
