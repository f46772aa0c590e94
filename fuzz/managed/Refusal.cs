namespace Init.Fuzz;

/// <summary>The one exception that a room may answer bad input with.</summary>
internal static class Refusal
{
    /// <summary>Whether <paramref name="take"/> came to its end; false when it threw <typeparamref name="TException"/>.</summary>
    public static bool Of<TException>(Action take)
        where TException : Exception
    {
        try
        {
            take();
            return true;
        }
        catch (TException)
        {
            return false;
        }
    }
}
