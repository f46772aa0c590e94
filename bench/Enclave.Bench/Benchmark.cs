namespace Init.Enclave.Bench;

/// <summary>The whole run.</summary>
internal static class Benchmark
{
    /// <summary>Round trips in a round.</summary>
    public const int RoundTrips = 200;

    /// <summary>Messages under way.</summary>
    public const int Window = 4;

    public static async Task<int> RunAsync(BenchOptions options)
    {
        Circumstances circumstances = Circumstances.Read();
        string enclaveImage = Images.OfEnclave("enclave", Images.Init, Images.VectorsCrs());
        string rawEchoImage = Images.OfRawEcho();
        Sizes sizes = Sizes.Read(Images.OfEnclave("without-crs", Images.Init, crs: null));
        BootResult boot = await BootRace.RunAsync(enclaveImage, rawEchoImage, options.Boots).ConfigureAwait(false);

        using Guest enclave = Guest.Start(enclaveImage), rawEcho = Guest.Start(rawEchoImage);
        EchoResult pipelined, oneByOne, roundTrip;
        using (EchoRace race = new(await ConnectAsync(enclave, rawEcho).ConfigureAwait(false)))
        {
            roundTrip = EchoResult.Of(await race.RoundTripAsync(options.Rounds, RoundTrips).ConfigureAwait(false));
            pipelined = EchoResult.Of(await race.ThroughputAsync(options.Rounds, options.Messages, Window).ConfigureAwait(false));
            oneByOne = EchoResult.Of(await race.ThroughputAsync(options.Rounds, options.Messages, window: 1).ConfigureAwait(false));
        }

        QuietResult? quiet = options.Quiet > TimeSpan.Zero
            ? await QuietResult.MeasureAsync(enclave, rawEcho, options.Quiet).ConfigureAwait(false)
            : null;
        BenchResult result = new(circumstances.Ended(), sizes, boot, pipelined, oneByOne, roundTrip, quiet);
        Directory.CreateDirectory(Path.GetDirectoryName(options.JsonPath)!);
        await File.WriteAllTextAsync(options.JsonPath, result.ToJson()).ConfigureAwait(false);
        string section = ResultsSection.Of(result);
        ResultsSection.Marks.Replace(options.ReportPath, section);
        Console.Out.WriteLine(section);
        return 0;
    }

    private static async Task<IReadOnlyList<IEcho>> ConnectAsync(Guest enclave, Guest rawEcho) =>
    [
        new RawEcho("in C", await rawEcho.ConnectAsync().ConfigureAwait(false)),
        new FrameEcho("frames", await enclave.ConnectAsync().ConfigureAwait(false)),
        new ClientEcho("client", await enclave.ConnectClientAsync().ConfigureAwait(false)),
    ];
}
