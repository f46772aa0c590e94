using System.Globalization;
using Init.Clock;
using Init.Configuration;
using Init.Entropy;
using Init.Nsm;
using Init.Sealing;
using Init.Wire;

namespace Init.Boot;

/// <content>What is trusted: the NSM, randomness, time, the key, the measurement.</content>
internal sealed partial class BootStages
{
    /// <summary>The PCR that the configuration goes into: the first one that an enclave may extend.</summary>
    public const int ConfigurationPcr = 16;

    private StageResult OpenNsm()
    {
        _nsm = new NsmSession(machine.OpenNsm(), machine.Time);
        _module = _nsm.Describe(NsmCallTime);
        return StageResult.Done($"{_module.ModuleId}, version {_module.Version}");
    }

    private StageResult SeedEntropy()
    {
        EntropySeed.Plant(machine, _nsm!, NsmCallTime);
        _entropy = new EntropyHealth
        {
            Source = EntropySeed.Source,
            CreditedBytes = EntropySeed.SeedBytes,
            KernelBits = (ulong)machine.CountEntropyBits(),
        };
        return StageResult.Done($"{EntropySeed.SeedBytes} bytes from {EntropySeed.Source} credited");
    }

    private StageResult SetClock()
    {
        _clock = new ClockKeeper(machine.Clock, new AttestedTime(_nsm!).ReadMs, machine.Time);
        return StageResult.Done(_clock.Start());
    }

    private StageResult MakeKeys()
    {
        KeyRingOptions options = new();
        options = options with
        {
            Lifetime = _settings.KeyLifetime,
            Overlap = _settings.KeyLifetime < options.Overlap ? _settings.KeyLifetime : options.Overlap,
        };
        _keys = new KeyRing(options, machine.Time);
        return StageResult.Done(string.Create(
            CultureInfo.InvariantCulture,
            $"P-384, a new key pair every {(long)options.Lifetime.TotalSeconds} s{(_settings.RequiresSealed ? ", sealed requests only" : "")}"));
    }

    // Extended once from zeros, then locked: whoever reads the document knows that nothing else is in it.
    private StageResult MeasureConfiguration()
    {
        _configurationDigest = ConfigurationDigest.Compute(_settings);
        ReadOnlyMemory<byte> value = _nsm!.ExtendPcr(ConfigurationPcr, _configurationDigest, NsmCallTime);
        if (!value.Span.SequenceEqual(ConfigurationDigest.PcrAfter(_configurationDigest)))
        {
            throw new StageException($"PCR{ConfigurationPcr} had been extended before");
        }

        _nsm.LockPcr(ConfigurationPcr, NsmCallTime);
        string start = Convert.ToHexStringLower(value.Span[..8]);
        return StageResult.Done(string.Create(CultureInfo.InvariantCulture, $"PCR{ConfigurationPcr} = {start}.., locked"));
    }
}
