namespace Init.Enclave.Bench;

/// <summary>Programs of the enclave beside the init in C, echoing alone: a minute instead of ten, and nothing is written.</summary>
internal static class EchoComparison
{
    public static async Task<int> RunAsync(IReadOnlyList<string> inits, int rounds, int messages, int roundTrips, int window)
    {
        List<Guest> guests = [Guest.Start(Images.OfRawEcho())];
        try
        {
            guests.AddRange(inits.Select((init, index) => Guest.Start(Images.OfEnclave($"echo-{index}", init, Images.VectorsCrs()))));
            List<IEcho> contestants = [new RawEcho("in C", await guests[0].ConnectAsync().ConfigureAwait(false))];
            foreach ((string init, Guest guest) in inits.Zip(guests.Skip(1)))
            {
                contestants.Add(new FrameEcho(init, await guest.ConnectAsync().ConfigureAwait(false)));
            }

            using EchoRace race = new(contestants);
            Say("round trip in µs", contestants, await race.RoundTripAsync(rounds, roundTrips).ConfigureAwait(false));
            Say($"MB/s, {window} under way", contestants, await race.ThroughputAsync(rounds, messages, window).ConfigureAwait(false));
            Say("MB/s, one at a time", contestants, await race.ThroughputAsync(rounds, messages, window: 1).ConfigureAwait(false));
            return 0;
        }
        finally
        {
            guests.ForEach(guest => guest.Dispose());
        }
    }

    private static void Say(string what, List<IEcho> contestants, IReadOnlyList<EchoTimes> times)
    {
        foreach ((IEcho contestant, EchoTimes its) in contestants.Zip(times))
        {
            Console.Out.WriteLine(FormattableString.Invariant(
                $"{what}: {contestant.Name}: {its.Values.Median:F1} ({its.Values.Min:F1} to {its.Values.Max:F1}), ratio {its.Ratio.Median:F2} ({its.Ratio.Min:F2} to {its.Ratio.Max:F2})"));
        }
    }
}
