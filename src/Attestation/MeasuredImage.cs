namespace Init.Attestation;

/// <summary>PCRs that belong together: an image is accepted when the document has all of them.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Pcrs">At least one.</param>
public sealed record MeasuredImage(string Name, IReadOnlyDictionary<int, PcrValue> Pcrs);
