namespace Init.Wire.Tests;

/// <summary>Asserts that something is refused with this room's exception.</summary>
internal static class Refused
{
    public static WireException Always(Action action) => Assert.Throws<WireException>(action);

    public static WireException As(WireError error, Action action)
    {
        WireException refusal = Assert.Throws<WireException>(action);
        Assert.Equal(error, refusal.Error);
        return refusal;
    }

    public static WireException Cbor(byte[] document, CborRules rules) => Always(() =>
    {
        CborReader reader = new(document, rules);
        reader.Skip();
    });
}
