namespace Init.Eif;

/// <summary>What an image's header says, its sections aside.</summary>
/// <param name="IsArm64">Whether it is for arm64 instead of x86-64.</param>
/// <param name="DefaultMemoryBytes">The memory it asks for where nobody asks for another.</param>
/// <param name="DefaultCpus">The number of processors, likewise.</param>
/// <param name="Checksum">The CRC-32 over the header without it and all sections.</param>
public sealed record EifHeader(bool IsArm64, ulong DefaultMemoryBytes, ulong DefaultCpus, uint Checksum);
