namespace Init.Eif;

/// <summary>One thing in which two images differ. Texts out of the images are as untrusted as they are.</summary>
/// <param name="Part">Where: <c>header</c>, <c>kernel</c>, <c>command line</c>, <c>metadata</c>, <c>ramdisk 0</c>, <c>signature</c>, <c>PCR0</c>.</param>
/// <param name="Subject">A file's path, or a word of the command line; empty where the part itself differs.</param>
/// <param name="Aspect">What differs of it: <c>content</c>, <c>mode</c>, <c>presence</c>; see <see cref="ImageDiff"/>.</param>
/// <param name="Before">How the first image has it; null: not at all.</param>
/// <param name="After">How the second has it; null: not at all.</param>
public sealed record ImageDifference(string Part, string Subject, string Aspect, string? Before, string? After);
