using System.Security.Cryptography;
using Init.Boot;
using Init.Nsm;

namespace Init.Entropy;

/// <summary>Seeds the kernel's random number generator from the NSM. Fails closed: no key is made before this is done.</summary>
internal static class EntropySeed
{
    /// <summary>The only source that may feed the kernel's generator: <c>rng_current</c> of an enclave.</summary>
    public const string Source = "nsm-hwrng";

    /// <summary>How much is asked of the NSM and credited.</summary>
    public const int SeedBytes = 512;

    // The NSM gives up to 256 bytes a call, and may give fewer or none.
    private const int MaxCalls = 64;

    /// <summary>Collects, credits, and proves that getrandom(2) gives.</summary>
    /// <param name="machine">Its generator.</param>
    /// <param name="nsm">The source.</param>
    /// <param name="callTime">For each call of the NSM.</param>
    /// <exception cref="StageException">Another source, no bytes, a generator that is not ready.</exception>
    /// <exception cref="NsmException">The NSM's reason.</exception>
    /// <exception cref="Linux.LinuxException">The kernel's reason.</exception>
    public static void Plant(IMachine machine, INsm nsm, TimeSpan callTime)
    {
        string source = machine.ReadEntropySource().Trim();
        if (source != Source)
        {
            throw new StageException($"rng_current is '{source}', not {Source}");
        }

        byte[] seed = GC.AllocateArray<byte>(SeedBytes, pinned: true);
        try
        {
            Collect(nsm, seed, callTime);
            machine.CreditEntropy(seed, SeedBytes * 8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }

        if (!machine.IsRandomReady())
        {
            throw new StageException($"getrandom would block after {SeedBytes} bytes were credited");
        }
    }

    private static void Collect(INsm nsm, byte[] seed, TimeSpan callTime)
    {
        int total = 0;
        for (int call = 0; call < MaxCalls && total < seed.Length; call++)
        {
            ReadOnlyMemory<byte> bytes = nsm.GetRandom(callTime);
            int used = Math.Min(bytes.Length, seed.Length - total);
            bytes.Span[..used].CopyTo(seed.AsSpan(total));
            total += used;
        }

        if (total < seed.Length)
        {
            throw new StageException($"GetRandom gave {total} bytes in {MaxCalls} calls, {seed.Length} are needed");
        }
    }
}
