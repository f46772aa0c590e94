using Init.Linux;

namespace Init.Simulator.VhostUser.Rings;

/// <summary>A checked piece of guest memory: it lies within one region. The guest may change its content at any time.</summary>
/// <param name="Mapping">The region.</param>
/// <param name="Offset">Where it starts in the region's mapping.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct GuestRange(SharedMapping Mapping, long Offset, int Length)
{
    /// <summary>The bytes themselves, valid until the memory table is replaced.</summary>
    public Span<byte> Span => Mapping.Span(Offset, Length);
}
