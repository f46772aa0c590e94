namespace Init.Attestation;

/// <summary>What a document must be to be accepted. As it stands without a change: AWS's root, no debug mode, at most five minutes old.</summary>
public sealed record AttestationPolicy
{
    /// <summary>Trusted roots, at least one.</summary>
    public IReadOnlyList<AttestationRoot> Roots { get; init; } = [AttestationRoot.Aws];

    /// <summary>Images of which the document must have one, whole; several during a rollover. Empty: not asked.</summary>
    public IReadOnlyList<MeasuredImage> Images { get; init; } = [];

    /// <summary>By PCR, the values of which the document must have one: each PCR named here is checked for itself, besides <see cref="Images"/>.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<PcrValue>> Pcrs { get; init; } = new Dictionary<int, IReadOnlyList<PcrValue>>();

    /// <summary>How old a document may be by its own timestamp. Null: not asked.</summary>
    public TimeSpan? MaximumAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far a document's timestamp may be ahead of the verifier's clock, since clocks differ. Certificates get no such allowance.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Accepts an enclave in debug mode, whose console the parent reads; the report is labelled.</summary>
    public bool AllowDebug { get; init; }

    /// <summary>Accepts what QEMU's NSM makes, which nobody signed and anybody can make; the report is labelled.</summary>
    public bool AllowUnsigned { get; init; }

    /// <summary>Whether all that it accepts, debug mode aside, is of images that it means.</summary>
    public bool NamesImage => SayWhichImage(Pcrs.Keys) || (Images.Count > 0 && Images.All(image => SayWhichImage(image.Pcrs.Keys)));

    /// <summary>
    /// Whether PCRs together say which image runs: 0 is all of it, 8 who has signed it. 1 is kernel, command line and first ramdisk, 2 the other
    /// ramdisks: each alone leaves the rest to whoever builds an image around it.
    /// </summary>
    public static bool SayWhichImage(IEnumerable<int> indices)
    {
        HashSet<int> all = [.. indices];
        return all.Contains(0) || all.Contains(8) || (all.Contains(1) && all.Contains(2));
    }

    /// <exception cref="AttestationException">Policy: it cannot mean what its author wanted.</exception>
    internal void Validate()
    {
        Require(Roots.Count > 0, "no root is trusted");
        Require(MaximumAge is null || MaximumAge > TimeSpan.Zero, "a maximum age that is not positive");
        Require(ClockSkew >= TimeSpan.Zero, "a negative clock skew");
        foreach (MeasuredImage image in Images)
        {
            // An image without a PCR would be every image.
            Require(image.Pcrs.Count > 0, $"image {image.Name} has no PCR");
            RequireIndices(image.Pcrs.Keys);
        }

        RequireIndices(Pcrs.Keys);
        Require(Pcrs.Values.All(values => values.Count > 0), "a PCR without an allowed value");
    }

    private static void RequireIndices(IEnumerable<int> indices) =>
        Require(indices.All(index => index is >= 0 and < AttestationLimits.Pcrs), $"a PCR that is not one of 0 to {AttestationLimits.Pcrs - 1}");

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new AttestationException(AttestationError.Policy, $"read attestation policy: {otherwise}");
        }
    }
}
