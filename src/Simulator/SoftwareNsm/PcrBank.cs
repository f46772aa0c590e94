using System.Security.Cryptography;
using Init.Nsm;

namespace Init.Simulator.SoftwareNsm;

/// <summary>32 PCRs. 0 to 15 are locked from the start.</summary>
internal sealed class PcrBank
{
    private const int LockedAtStart = 16;

    private readonly byte[][] _values = new byte[NsmLimits.Pcrs][];
    private readonly bool[] _isLocked = new bool[NsmLimits.Pcrs];

    public PcrBank(IReadOnlyDictionary<int, ReadOnlyMemory<byte>> values)
    {
        for (int index = 0; index < NsmLimits.Pcrs; index++)
        {
            _values[index] = new byte[NsmLimits.PcrBytes];
            _isLocked[index] = index < LockedAtStart;
        }

        foreach ((int index, ReadOnlyMemory<byte> value) in values)
        {
            if (value.Length != NsmLimits.PcrBytes || index is < 0 or >= NsmLimits.Pcrs)
            {
                throw new ArgumentException($"PCR{index}: {value.Length} bytes", nameof(values));
            }

            _values[index] = value.ToArray();
        }
    }

    /// <summary>The locked PCRs, ascending.</summary>
    public IEnumerable<int> Locked => Enumerable.Range(0, NsmLimits.Pcrs).Where(IsLocked);

    /// <summary>Whether the PCR exists.</summary>
    public static bool Exists(ulong index) => index < NsmLimits.Pcrs;

    public bool IsLocked(int index) => _isLocked[index];

    public ReadOnlyMemory<byte> Value(int index) => _values[index];

    /// <summary>The PCR becomes SHA-384(PCR ‖ data).</summary>
    public void Extend(int index, ReadOnlySpan<byte> data) => _values[index] = SHA384.HashData([.. _values[index], .. data]);

    public void Lock(int index) => _isLocked[index] = true;
}
