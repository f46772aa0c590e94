namespace Init.Prover.Tests;

/// <summary>Asserts that something ends in the room's one exception, with one reason.</summary>
internal static class Fails
{
    /// <summary>Runs <paramref name="action"/> and returns the exception.</summary>
    public static ProverException With(ProverError error, Action action)
    {
        ProverException exception = Assert.Throws<ProverException>(action);
        Assert.Equal(error, exception.Error);
        return exception;
    }
}
