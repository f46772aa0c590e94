namespace Init.Eif.Tests;

/// <summary>What must be refused, and why.</summary>
internal static class Fails
{
    /// <summary>Requires the room's exception with this reason and this text in its message.</summary>
    public static void With(EifError error, string text, Action action)
    {
        EifException exception = Assert.Throws<EifException>(action);
        Assert.Equal(error, exception.Error);
        Assert.Contains(text, exception.Message, StringComparison.Ordinal);
    }
}
