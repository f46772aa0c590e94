namespace Init.Nsm;

/// <summary>What DescribeNSM answers. The digest is not in it: only SHA384 is accepted.</summary>
/// <param name="Version">The module's version, major.minor.patch.</param>
/// <param name="ModuleId">For example <c>i-0123456789abcdef0-enc0123456789abcdef</c>.</param>
/// <param name="MaxPcrs">How many PCRs there are: 32.</param>
/// <param name="LockedPcrs">The locked ones, in the module's order.</param>
public sealed record NsmDescription(Version Version, string ModuleId, int MaxPcrs, IReadOnlyList<int> LockedPcrs);
