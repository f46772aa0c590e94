using Init.Client;
using Init.Configuration;
using Init.Nsm;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.Init.Tests.InitProcess;

/// <summary>The static executable from its start to ready and to its end.</summary>
public sealed class ReadyTests
{
    // In the order of their ends: crs, prover and keys run beside others.
    private static readonly string[] Stages =
    [
        "filesystems", "console", "arguments", "signals", "limits", "nsm", "entropy", "clock", "crs", "measurement", "listener", "prover",
        "heartbeat", "keys", "hardening", "ready",
    ];

    [FailureMode(6, "Ready before everything is there")]
    [ProcessFact]
    public async Task It_boots_stage_by_stage_and_says_what_it_is()
    {
        using BootedProcess process = new(new ProcessPlan { Arguments = ["init.threads=1", "init.crs_points=1024"] });
        using EnclaveClient client = process.Connect();
        HelloReply hello = await client.HelloAsync();
        HealthReply health = await client.HealthAsync();
        byte[] nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        AttestationDocument document = AttestationDocument.Parse((await client.FetchAttestationAsync(nonce, default)).Document);

        Assert.Equal(Stages, process.Lines.Select(line => line.Split(' ', ':')[1]));
        Assert.All(process.Lines, line => Assert.Matches(@"^\[init\] [a-z]+: .+ \(\d+ ms\)$", line));
        Assert.Equal([(byte)0xB7], process.Heartbeat);

        Assert.Equal(Stages, health.Stages.Select(stage => stage.Name));
        Assert.Equal(512UL, health.Entropy.CreditedBytes);
        Assert.Equal(1UL, health.Clock.Steps);
        Assert.NotNull(health.Clock.LastSyncAgeMs);
        Assert.Equal(0UL, health.DroppedConsoleLines);

        byte[] digest = ConfigurationDigest.Compute(new EnclaveSettings { Threads = 1, CrsPoints = 1024 });
        Assert.Equal(digest, hello.ConfigurationDigest.ToArray());
        Assert.Equal(ConfigurationDigest.PcrAfter(digest), document.Pcrs[16].ToArray());
        Assert.Equal(nonce, document.Nonce.ToArray());
        Assert.Equal(120, document.PublicKey.Length);
        Assert.Equal(1, process.Nsm.Opens);
    }

    [ProcessFact]
    public async Task Keys_change_on_their_schedule_and_what_must_be_sealed_is_refused_in_the_open()
    {
        using BootedProcess process = new(new ProcessPlan { Arguments = ["init.require_sealed=1", "init.key_lifetime_s=10"] });
        using EnclaveClient client = process.Connect();
        ClientException refusal = await Assert.ThrowsAsync<ClientException>(() => client.StoreCircuitAsync(new byte[] { 0x1f, 0x8b, 8 }));
        Assert.Equal(ErrorCode.Unauthorised, refusal.Reply!.Code);
        byte[] first = await KeyAsync();
        Assert.Equal(first, await KeyAsync());
        await Task.Delay(TimeSpan.FromSeconds(11));
        Assert.NotEqual(first, await KeyAsync());

        async Task<byte[]> KeyAsync() =>
            AttestationDocument.Parse((await client.FetchAttestationAsync(new byte[16], default)).Document).PublicKey.ToArray();
    }

    [ProcessFact]
    public async Task Two_boots_have_two_keys()
    {
        byte[][] keys = new byte[2][];
        for (int i = 0; i < keys.Length; i++)
        {
            using BootedProcess process = new(new ProcessPlan());
            using EnclaveClient client = process.Connect();
            keys[i] = AttestationDocument.Parse((await client.FetchAttestationAsync(new byte[16], default)).Document).PublicKey.ToArray();
        }

        Assert.NotEqual(keys[0], keys[1]);
    }

    [FailureMode(16, "Nobody reads the console")]
    [ProcessFact]
    public async Task A_console_that_nobody_reads_does_not_stop_it()
    {
        string folder = Testing.Places.Scratch("blocked-console");
        string fifo = Path.Combine(folder, "console");
        BootedProcess.Run("mkfifo", fifo);
        using FileStream both = new(fifo, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        Fill(both);
        using BootedProcess process = new(new ProcessPlan { Console = fifo });
        using EnclaveClient client = process.Connect();
        HealthReply health = await client.HealthAsync();
        Assert.Equal((ulong)Stages.Length, health.DroppedConsoleLines);
    }

    [FailureMode(38, "Stop")]
    [ProcessFact]
    public void Sigterm_drains_and_ends()
    {
        using BootedProcess process = BootedProcess.Ready(new ProcessPlan());
        using EnclaveClient client = process.Connect();
        BootedProcess.Signal(process.FindId(isFirst: false), "TERM");
        Assert.Equal(0, process.WaitForExit());
    }

    [FailureMode(16, "Nobody reads the console")]
    [ProcessFact]
    public async Task A_client_may_end_it_and_after_ready_it_wrote_nothing_more()
    {
        using BootedProcess process = new(new ProcessPlan());
        using EnclaveClient client = process.Connect();
        await client.ShutDownAsync();
        Assert.Equal(0, process.WaitForExit());
        Assert.Contains("ready", process.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(Stages.Length, process.Lines.Length);
    }

    // A pipe holds 64 KiB; what does not fit any more is refused without waiting, as the descriptor of the process will be.
    private static void Fill(FileStream pipe)
    {
        byte[] block = new byte[4096];
        for (int i = 0; i < 16; i++)
        {
            pipe.Write(block);
        }
    }
}
