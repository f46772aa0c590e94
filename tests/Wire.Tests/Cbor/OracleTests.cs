using Oracle = System.Formats.Cbor;

namespace Init.Wire.Tests;

/// <summary>The codec against <c>System.Formats.Cbor</c>, over random documents and what becomes of them when bytes change.</summary>
/// <remarks>
/// The oracle's modes are RFC 7049's and CTAP2's, so each is compared where it says the same as ours:
/// <list type="bullet">
/// <item>Deterministic with Ctap2Canonical, whose order of keys (type, length, bytes) is RFC 8949's bytewise order for keys that are
/// integers or strings. It refuses tags, and leaves floating-point numbers as they are.</item>
/// <item>WellFormed with Strict. It takes two encodings of one key for different keys, and allows keys of any type.</item>
/// </list>
/// </remarks>
public sealed class OracleTests
{
    private const int Documents = 4_000;

    [Fact]
    public void What_is_deterministic_is_what_the_oracle_calls_canonical() =>
        Compare(CborRules.Deterministic, Oracle.CborConformanceMode.Ctap2Canonical);

    [Fact]
    public void What_is_well_formed_is_what_the_oracle_calls_strict() =>
        Compare(CborRules.WellFormed, Oracle.CborConformanceMode.Strict);

    private static void Compare(CborRules rules, Oracle.CborConformanceMode mode)
    {
        int accepted = 0;
        int refused = 0;
        for (int seed = 0; seed < Documents; seed++)
        {
            Random random = new(seed);
            byte[] document = RandomCbor.Document(random, isDeterministic: rules == CborRules.Deterministic);
            for (int change = 0; change < 4; change++)
            {
                string? ours = Try(() => Diagnostic.Of(document, rules));
                OracleWalk walk = new(document, mode);
                if (!walk.Differs)
                {
                    Assert.True(walk.Result == ours, $"{Convert.ToHexStringLower(document)}: the oracle says {walk.Result ?? "no"}, we say {ours ?? "no"}");
                    _ = ours is null ? refused++ : accepted++;
                }

                document = RandomCbor.Mutate(document, random);
            }
        }

        Assert.True(accepted > Documents / 2 && refused > Documents / 2, $"{accepted} accepted, {refused} refused");
    }

    private static string? Try(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (WireException)
        {
            return null;
        }
    }
}
