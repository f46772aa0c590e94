namespace Init.Clock;

/// <summary>Finds out what a module rounds its timestamps to: milliseconds as Nitro does, or whole seconds as QEMU does.</summary>
internal sealed class StampResolution
{
    private const long SecondMs = 1000;

    private bool _isFine;

    /// <summary>The resolution, in nanoseconds, after one more stamp. Seconds until a stamp shows milliseconds: never too fine.</summary>
    public long After(long stampMs)
    {
        _isFine |= stampMs % SecondMs != 0;
        return _isFine ? 1_000_000 : SecondMs * 1_000_000;
    }
}
