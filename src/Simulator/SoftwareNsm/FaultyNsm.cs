using Init.Nsm;

namespace Init.Simulator.SoftwareNsm;

/// <summary>A module that can be told to do wrong, for whoever serves it. Any number of threads may call. Disposes of the module.</summary>
internal sealed class FaultyNsm(SoftwareNsmDevice nsm) : IDisposable
{
    private long _calls;

    /// <summary>What goes wrong from now on.</summary>
    public SoftwareNsmFaults Faults { get; set; } = SoftwareNsmFaults.None;

    /// <summary>Requests since the start.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Set by who serves it when it stops: delays end.</summary>
    public ManualResetEventSlim Stopping { get; } = new();

    /// <summary>The reply, or null when there will never be one.</summary>
    public byte[]? Answer(ReadOnlySpan<byte> request)
    {
        long call = Interlocked.Increment(ref _calls);
        SoftwareNsmFaults faults = Faults;
        if (call > (faults.MuteAfter ?? long.MaxValue))
        {
            return null;
        }

        if (faults.Delay > TimeSpan.Zero && Stopping.Wait(faults.Delay))
        {
            return null;
        }

        byte[] response = new byte[NsmLimits.ResponseBytes];
        byte[] reply = faults.ErrorName is { } error ? NsmReplyWriter.Error(error) : response[..nsm.Exchange(request, response)];
        return faults.Rewrite is { } rewrite ? rewrite(reply) : reply;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        nsm.Dispose();
        Stopping.Dispose();
    }
}
