namespace Init.Attestation;

/// <summary>A PCR: 48 bytes. Equal by value.</summary>
public sealed record PcrValue
{
    private static readonly string Zeros = new('0', 2 * AttestationLimits.PcrBytes);

    private readonly string _hex;

    private PcrValue(string hex) => _hex = hex;

    /// <summary>Whether all bytes are zero: nothing was measured, or the enclave is in debug mode.</summary>
    public bool IsZero => _hex == Zeros;

    /// <summary>Reads 96 hexadecimal digits.</summary>
    /// <exception cref="AttestationException">Policy.</exception>
    public static PcrValue Parse(string hex) => TryParse(hex)
        ?? throw new AttestationException(
            AttestationError.Policy, $"read PCR: not {2 * AttestationLimits.PcrBytes} hexadecimal digits");

    /// <summary>Reads 96 hexadecimal digits of either case; null where it is something else.</summary>
    public static PcrValue? TryParse(string? hex) =>
        hex is { Length: 2 * AttestationLimits.PcrBytes } && hex.All(char.IsAsciiHexDigit) ? new PcrValue(hex.ToLowerInvariant()) : null;

    /// <summary>The 96 digits, in lower case.</summary>
    public override string ToString() => _hex;

    /// <summary>Of 48 bytes.</summary>
    internal static PcrValue Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(bytes));
}
