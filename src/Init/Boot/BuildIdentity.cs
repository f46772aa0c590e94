namespace Init.Boot;

/// <summary>What this binary is, for <c>hello</c>. What it really is says PCR0.</summary>
internal static class BuildIdentity
{
    /// <summary>The server's name.</summary>
    public const string Server = "init";

    /// <summary>Its version.</summary>
    public const string ServerVersion = "0.1.0";

    /// <summary>Barretenberg's version, as native/prover/pins.json pins it.</summary>
    public const string ProverVersion = "5.0.0";
}
