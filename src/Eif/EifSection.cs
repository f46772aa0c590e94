namespace Init.Eif;

/// <summary>One section of an image.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Type">What it holds.</param>
/// <param name="BodyOffset">Where its body begins in the file, in bytes: behind the section's header.</param>
/// <param name="SizeBytes">The size of its body.</param>
public sealed record EifSection(int Index, EifSectionType Type, long BodyOffset, long SizeBytes)
{
    /// <summary>What it holds, in words.</summary>
    public string Name => EifFormat.Name(Type);

    /// <summary>How messages call it: <c>section 3 (ramdisk)</c>.</summary>
    public string Label => EifFormat.Label(Index, Type);
}
