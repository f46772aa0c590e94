using System.Diagnostics;
using System.Security.Cryptography;

namespace Init.Enclave.Bench;

/// <summary>What echoing took one of the contestants, and that over what it took the first of them, round by round.</summary>
internal sealed record EchoTimes(Series Values, Series Ratio);

/// <summary>Ways of echoing that take turns, all guests being up all the time. The first is what the others are compared with.</summary>
internal sealed class EchoRace(IReadOnlyList<IEcho> contestants) : IDisposable
{
    /// <summary>Megabytes a second, each way.</summary>
    public async Task<IReadOnlyList<EchoTimes>> ThroughputAsync(int rounds, int messages, int window)
    {
        byte[] data = RandomNumberGenerator.GetBytes(FrameEcho.MaxDataBytes);
        Prepare(data, messages);
        return await RaceAsync($"throughput, {window} under way", rounds, async echo =>
        {
            long begin = Stopwatch.GetTimestamp();
            await echo.RunAsync(window).ConfigureAwait(false);
            return messages * (double)data.Length / 1e6 / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }).ConfigureAwait(false);
    }

    /// <summary>Microseconds for a message of 64 bytes there and back: the median of a round.</summary>
    public async Task<IReadOnlyList<EchoTimes>> RoundTripAsync(int rounds, int messages)
    {
        const int Bytes = 64;
        Prepare(RandomNumberGenerator.GetBytes(Bytes), messages);
        return await RaceAsync("round trip", rounds, async echo =>
        {
            List<double> times = [];
            for (int message = 0; message < messages; message++)
            {
                long begin = Stopwatch.GetTimestamp();
                await echo.EchoAsync(message).ConfigureAwait(false);
                times.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
            }

            return Series.Of(times).Median;
        }).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (IEcho contestant in contestants)
        {
            contestant.Dispose();
        }
    }

    private void Prepare(byte[] data, int messages)
    {
        foreach (IEcho contestant in contestants)
        {
            contestant.Prepare(data, messages);
        }
    }

    /// <summary>The first round warms up and does not count. Who begins changes with the round.</summary>
    private async Task<IReadOnlyList<EchoTimes>> RaceAsync(string what, int rounds, Func<IEcho, Task<double>> measure)
    {
        double[][] results = [.. contestants.Select(_ => new double[rounds])];
        for (int round = -1; round < rounds; round++)
        {
            for (int turn = 0; turn < contestants.Count; turn++)
            {
                int who = (round + 1 + turn) % contestants.Count;
                double result = await measure(contestants[who]).ConfigureAwait(false);
                if (round >= 0)
                {
                    results[who][round] = result;
                }
            }

            if (round >= 0)
            {
                string row = string.Join(", ", contestants.Zip(results, (c, r) => FormattableString.Invariant($"{c.Name} {r[round]:F1}")));
                Progress.Say($"{what}, round {round + 1}: {row}");
            }
        }

        return [.. results.Select(r => new EchoTimes(Series.Of(r), Series.Of(r.Zip(results[0], (ours, its) => ours / its))))];
    }
}
