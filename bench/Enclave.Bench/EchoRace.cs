using System.Diagnostics;
using System.Security.Cryptography;

namespace Init.Enclave.Bench;

/// <summary>What echoing took, and ours over the C program's, round by round.</summary>
/// <param name="RawEcho">The init in C.</param>
/// <param name="Frames">The protocol, against a client that does as little as the one of the C program.</param>
/// <param name="Client">The protocol through src/Client.</param>
/// <param name="FramesRatio">Frames over RawEcho.</param>
/// <param name="ClientRatio">Client over RawEcho.</param>
internal sealed record EchoResult(Series RawEcho, Series Frames, Series Client, Series FramesRatio, Series ClientRatio);

/// <summary>Three ways of echoing that take turns, both guests being up all the time.</summary>
internal sealed class EchoRace(Guest enclave, Guest rawEcho) : IAsyncDisposable
{
    private readonly List<IEcho> _contestants = [];

    public async Task ConnectAsync() => _contestants.AddRange(
    [
        new RawEcho(await rawEcho.ConnectAsync().ConfigureAwait(false)),
        new FrameEcho(await enclave.ConnectAsync().ConfigureAwait(false)),
        new ClientEcho(await enclave.ConnectClientAsync().ConfigureAwait(false)),
    ]);

    /// <summary>Megabytes a second, each way.</summary>
    public async Task<EchoResult> ThroughputAsync(int rounds, int messages, int window)
    {
        byte[] data = RandomNumberGenerator.GetBytes(FrameEcho.MaxDataBytes);
        return await RaceAsync($"throughput, {window} under way", rounds, async echo =>
        {
            long begin = Stopwatch.GetTimestamp();
            await echo.RunAsync(data, messages, window).ConfigureAwait(false);
            return messages * (double)data.Length / 1e6 / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }).ConfigureAwait(false);
    }

    /// <summary>Microseconds for a message of 64 bytes there and back: the median of a round.</summary>
    public async Task<EchoResult> RoundTripAsync(int rounds, int messages)
    {
        const int Bytes = 64;
        byte[] data = RandomNumberGenerator.GetBytes(Bytes);
        return await RaceAsync("round trip", rounds, async echo =>
        {
            List<double> times = [];
            for (int message = 0; message < messages; message++)
            {
                long begin = Stopwatch.GetTimestamp();
                await echo.RunAsync(data, messages: 1, window: 1).ConfigureAwait(false);
                times.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
            }

            return Series.Of(times).Median;
        }).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        _contestants.ForEach(contestant => contestant.Dispose());
        return ValueTask.CompletedTask;
    }

    /// <summary>The first round warms up and does not count. Who begins changes with the round.</summary>
    private async Task<EchoResult> RaceAsync(string what, int rounds, Func<IEcho, Task<double>> measure)
    {
        double[][] results = [.. _contestants.Select(_ => new double[rounds])];
        for (int round = -1; round < rounds; round++)
        {
            for (int turn = 0; turn < _contestants.Count; turn++)
            {
                int who = (round + 1 + turn) % _contestants.Count;
                double result = await measure(_contestants[who]).ConfigureAwait(false);
                if (round >= 0)
                {
                    results[who][round] = result;
                }
            }

            if (round >= 0)
            {
                Progress.Say($"{what}, round {round + 1}: in C {results[0][round]:F1}, frames {results[1][round]:F1}, client {results[2][round]:F1}");
            }
        }

        return new EchoResult(
            Series.Of(results[0]), Series.Of(results[1]), Series.Of(results[2]),
            Series.Of(results[1].Zip(results[0], (ours, its) => ours / its)), Series.Of(results[2].Zip(results[0], (ours, its) => ours / its)));
    }
}
