using Init.Linux;
using Init.Simulator.SoftwareNsm;

namespace Init.Nsm.Tests;

/// <summary>What most tests start from.</summary>
internal static class Sessions
{
    /// <summary>Long enough for anything that ends; real time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A session over a software module.</summary>
    public static NsmSession OverSoftware(SoftwareNsmOptions? options = null, TimeProvider? time = null) =>
        new(new SoftwareNsmDevice(options ?? new SoftwareNsmOptions(), time ?? TimeProvider.System), TimeProvider.System);

    /// <summary>Expects a call to fail and returns why.</summary>
    public static async Task<NsmError> ErrorOf<T>(ValueTask<T> call) => (await Assert.ThrowsAsync<NsmException>(call.AsTask)).Error;

    /// <summary>Expects a call to fail and returns why.</summary>
    public static async Task<NsmError> ErrorOf(ValueTask call) => (await Assert.ThrowsAsync<NsmException>(call.AsTask)).Error;

    /// <summary>Waits, on real time, until something that another thread does is done.</summary>
    public static async Task Until(Func<bool> condition)
    {
        Deadline deadline = Deadline.After(Patience);
        while (!condition())
        {
            Assert.False(deadline.HasPassed, "it did not happen");
            await Task.Yield();
        }
    }

    /// <summary>PCRs as a booted enclave has them, each different.</summary>
    public static Dictionary<int, ReadOnlyMemory<byte>> BootPcrs() => new[] { 0, 1, 2, 3, 4, 8 }
        .ToDictionary(index => index, index => (ReadOnlyMemory<byte>)Enumerable.Repeat((byte)(0xa0 + index), NsmLimits.PcrBytes).ToArray());
}
