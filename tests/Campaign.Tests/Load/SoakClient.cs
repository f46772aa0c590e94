using System.Diagnostics;
using Init.Client;
using Init.Wire;

namespace Init.Campaign.Tests.Load;

/// <summary>One of the clients of a soak: does one thing after the other until the time is over.</summary>
internal sealed class SoakClient(SoakTarget target, SoakTally tally, int seed) : IDisposable
{
    private readonly Random _random = new(seed);
    private EnclaveClient? _plain;
    private EnclaveClient? _sealed;

    public SoakTarget Target => target;

    public SoakTally Tally => tally;

    /// <summary>In the open, one connection.</summary>
    public EnclaveClient Plain => _plain ??= target.ConnectPlain();

    /// <summary>Attested and sealed.</summary>
    public async Task<EnclaveClient> SealedAsync() => _sealed ??= await target.ConnectSealedAsync();

    /// <summary>Does what it must once, so that rare things happen however slow the machine is; then what chance says.</summary>
    public async Task RunAsync(IEnumerable<Behaviour> first, TimeSpan duration)
    {
        Stopwatch watch = Stopwatch.StartNew();
        foreach (Behaviour behaviour in first)
        {
            await DoAsync(behaviour);
        }

        while (watch.Elapsed < duration && target.IsAlive())
        {
            await DoAsync(Behaviour.Pick(_random));
        }
    }

    public void Dispose()
    {
        _plain?.Dispose();
        _sealed?.Dispose();
    }

    private async Task DoAsync(Behaviour behaviour)
    {
        Random random = new(_random.Next()); // what one behaviour draws changes nothing for the next
        tally.Count(behaviour.Name, await OutcomeOfAsync(behaviour, random));
    }

    // Whatever a client throws is an outcome; anything else is the test's own mistake and ends it.
    private async Task<Outcome> OutcomeOfAsync(Behaviour behaviour, Random random)
    {
        try
        {
            return await behaviour.DoAsync(this, random).WaitAsync(target.Patience);
        }
        catch (ClientException failure)
        {
            if (failure.Reply is null)
            {
                Dispose();
                _plain = _sealed = null;
            }

            return Outcome.Of(failure);
        }
        catch (Exception failure) when (failure is EndOfStreamException or TimeoutException)
        {
            return new($"unexpected {failure.GetType().Name}", failure.Message);
        }
    }
}
