using System.Net.Sockets;
using Init.Client;
using Init.Simulator.Qemu;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.SystemTests;

/// <summary>The enclave's binary in machines that lack something, or have something more than they should.</summary>
public sealed class OddMachineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [FailureMode(2, "The image's layout is incomplete")]
    [GuestFact]
    public async Task Without_the_folders_that_it_mounts_on_it_makes_them()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.WithFirstProcess("no-folders", "first_init.c", "-DNO_FOLDERS"));
        using EnclaveClient client = enclave.Connect();
        Assert.Equal(StageOutcome.Done, (await client.HealthAsync()).Stages[0].Outcome);
    }

    [FailureMode(2, "The image's layout is incomplete")]
    [GuestFact]
    public async Task Without_standard_streams_it_has_a_console_all_the_same()
    {
        // As where the ramdisk has no /dev/console.
        using BootedEnclave enclave = BootedEnclave.Start(Images.WithFirstProcess("no-streams", "first_init.c", "-DNO_STREAMS"));
        await enclave.Machine.Console!.WaitForLineAsync(line => line.StartsWith("[init] ready", StringComparison.Ordinal), BootedEnclave.BootTimeout);
    }

    [FailureMode(3, "Unknown words reach PID 1")]
    [GuestFact]
    public async Task Words_that_the_kernel_does_not_know_and_hands_to_PID_1_change_nothing()
    {
        Image image = Images.WithCrs("words", Places.CeremonyCrs, "nomodules rescue init_port=1 unknown.word=1");
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(image);
        using EnclaveClient client = enclave.Connect();
        Assert.Equal(5, (await client.EchoAsync(new byte[5])).Data.Length);
        await client.ShutDownAsync();
        Assert.Equal(0, (await enclave.WaitForExitAsync(Patience)).Code);
    }

    [FailureMode(11, "Another clock source")]
    [GuestFact]
    public async Task Another_clock_source_is_told_and_the_enclave_serves()
    {
        Image image = Images.WithCrs("clock-source", Places.CeremonyCrs, "notsc tsc=unstable");
        string usual = await ClockSourceOfAsync(Images.Production), other = await ClockSourceOfAsync(image);
        Assert.NotEqual(usual, other);
    }

    /// <summary>Signals that interrupt whatever system call a thread is in: accept and reads of vsock, epoll, futexes, the NSM driver's ioctl.</summary>
    [FailureMode(18, "EINTR storms")]
    [GuestFact]
    public async Task Signals_without_pause_into_every_thread_change_no_answer_of_the_machines_devices()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.WithFirstProcess("storm", "first_init.c", "-DSTORM"));
        using EnclaveClient client = enclave.Connect();
        await Task.Delay(1_500); // it begins a second after the binary
        ulong switches = (await client.HealthAsync()).ContextSwitches.Involuntary;
        Random random = new(18);
        const int Rounds = 60;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] data = new byte[random.Next(1, 100_000)];
            random.NextBytes(data);
            using EnclaveClient another = enclave.Connect(); // accept
            Assert.Equal(data, (await another.EchoAsync(data).WaitAsync(Patience)).Data.ToArray());
            byte[] nonce = BitConverter.GetBytes(round + 0x5eed_0000_0000L);
            Assert.True((await client.FetchAttestationAsync(nonce, default).WaitAsync(Patience)).Document.Span.IndexOf(nonce) >= 0);
        }

        Assert.NotEqual(0, (await client.ProveAsync(ProductionImageTests.Tiny()).WaitAsync(Patience)).Proof.Length);
        HealthReply health = await client.HealthAsync();
        Assert.Empty(health.Requests.Errors);
        Assert.Empty(health.Nsm.Errors);
        CampaignRecord.Figure(18, $"in the image, under a PID 1 that signals without pause: {Rounds} connects, echoes and documents of the NSM and a proof, all right; {health.ContextSwitches.Involuntary - switches} involuntary context switches");
    }

    /// <summary>The machine's limit of open files (ENFILE), which no limit of a process is.</summary>
    [FailureMode(29, "No descriptors at accept")]
    [GuestFact]
    public async Task Where_the_machine_has_no_more_files_who_is_there_is_served_and_others_when_there_are_some_again()
    {
        const int Crowd = 200;
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.WithFirstProcess("few-files", "first_init.c", "-DFEW_FILES=120"));
        using EnclaveClient watcher = enclave.Connect();
        await watcher.HealthAsync();
        Socket[] crowd = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => enclave.Machine.ConnectAsync(EnclaveAddress.DefaultPort)));
        for (int i = 0; i < 20; i++, await Task.Delay(50))
        {
            Assert.Equal(9, (await watcher.EchoAsync(new byte[9]).WaitAsync(Patience)).Data.Length);
        }

        HealthReply full = await watcher.HealthAsync();
        Array.ForEach(crowd, socket => socket.Dispose());
        using EnclaveClient late = enclave.Connect();
        Assert.Equal(9, (await late.EchoAsync(new byte[9]).WaitAsync(Patience)).Data.Length);
        Assert.InRange(full.Connections.Open, 2ul, Crowd - 1ul);
        CampaignRecord.Figure(29, $"120 open files in the whole machine and {Crowd} clients more over vsock: {full.Connections.Open - 1} accepted, the rest waited; served again when they had gone");
    }

    private static async Task<string> ClockSourceOfAsync(Image image)
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(image);
        using EnclaveClient client = enclave.Connect();
        string source = (await client.HealthAsync()).Clock.Clocksource;
        Assert.Contains(enclave.Machine.Console!.Lines, line => line.Text.StartsWith("[init] clock", StringComparison.Ordinal) && line.Text.Contains(source, StringComparison.Ordinal));
        return source;
    }
}
