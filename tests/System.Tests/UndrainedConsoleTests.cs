using System.Net.Sockets;
using Init.Client;
using Init.Simulator.Qemu;
using Init.Testing;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.SystemTests;

/// <summary>A serial port that nobody reads from the start, as in production.</summary>
public sealed class UndrainedConsoleTests
{
    private const int Requests = 10_000;

    [FailureMode(16, "Nobody reads the console")]
    [GuestFact]
    public async Task The_enclave_reaches_ready_and_serves_ten_thousand_requests()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production, BootedEnclave.Unread);
        using EnclaveClient client = enclave.Connect();
        byte[] data = new byte[64];
        for (int i = 0; i < Requests; i++)
        {
            Assert.Equal(data.Length, (await client.EchoAsync(data)).Data.Length);
        }

        HealthReply health = await client.HealthAsync();
        Assert.InRange(health.Requests.Done, (ulong)Requests, ulong.MaxValue);
        Assert.Empty(health.Requests.Errors);
    }

    [FailureMode(16, "Nobody reads the console")]
    [GuestFact]
    public async Task An_init_that_writes_to_a_blocking_console_hangs_and_goes_on_when_it_is_drained()
    {
        Image naive = Images.OfProgram("naive", "naive_console.c");
        using BootedEnclave enclave = BootedEnclave.Start(naive, BootedEnclave.Unread);
        await enclave.Machine.Heartbeat.WaitAsync(BootedEnclave.BootTimeout);

        int served = 0;
        while (served < Requests && await IsServed(enclave, TimeSpan.FromSeconds(5)))
        {
            served++;
        }

        Assert.InRange(served, 1, 1000);
        enclave.Machine.DrainConsole();
        Assert.True(await IsServed(enclave, TimeSpan.FromSeconds(30)));
    }

    private static async Task<bool> IsServed(BootedEnclave enclave, TimeSpan patience)
    {
        using CancellationTokenSource deadline = new(patience);
        try
        {
            using Socket socket = await enclave.Machine.ConnectAsync(EnclaveAddress.DefaultPort, deadline.Token);
            await socket.SendAsync(new byte[] { 1 }, deadline.Token);
            return await socket.ReceiveAsync(new byte[1], deadline.Token) == 1;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
