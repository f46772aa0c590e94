using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using Init.Client;
using Init.Testing.Campaign;
using Init.Wire;

namespace Init.SystemTests;

/// <summary>Many connections at once through the back end to the production image, and connections that end rudely.</summary>
public sealed class CrowdTests
{
    private const int Crowd = 500;
    private const int Rounds = 10;
    private const int MessageBytes = 20_000;

    /// <summary>Requests of all connections together; the enclave takes 64 and tells others that it is busy.</summary>
    private const int InFlight = 60;

    [GuestFact]
    public async Task Five_hundred_connections_exchange_bytes_at_once()
    {
        using BootedEnclave guest = BootedEnclave.Start(Images.OfProgram("raw-echo", "raw_echo.c"));
        (await guest.Machine.ConnectWhenUpAsync(EnclaveAddress.DefaultPort, BootedEnclave.BootTimeout)).Dispose();
        Socket[] sockets = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => guest.Machine.ConnectAsync(EnclaveAddress.DefaultPort)));
        await Task.WhenAll(sockets.Select(async socket =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                await ExchangeAsync(socket);
            }
        })).WaitAsync(BootedEnclave.BootTimeout);
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    [GuestFact]
    public async Task The_production_image_serves_five_hundred_connections()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production);
        EnclaveClient[] clients = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => Task.Run(enclave.Connect)));
        using SemaphoreSlim inFlight = new(InFlight);
        await Task.WhenAll(clients.Select(async client =>
        {
            await inFlight.WaitAsync();
            byte[] data = RandomNumberGenerator.GetBytes(MessageBytes);
            Assert.Equal(data, (await client.EchoAsync(data)).Data.ToArray());
            inFlight.Release();
        }));
        Assert.Equal((ulong)Crowd, (await clients[0].HealthAsync()).Connections.Open);
        Array.ForEach(clients, client => client.Dispose());
    }

    [FailureMode(27, "Half-close and reset")]
    [GuestFact]
    public async Task A_client_that_sends_no_more_and_is_then_killed_leaves_nothing_behind()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production);
        using EnclaveClient watcher = enclave.Connect();
        await watcher.HealthAsync();
        for (int i = 0; i < 50; i++)
        {
            // What a kernel does for a program that called shutdown(2) and got SIGKILL with bytes unread.
            using Socket socket = await enclave.Machine.ConnectAsync(EnclaveAddress.DefaultPort);
            await socket.SendAsync("half a frame"u8.ToArray());
            socket.Shutdown(SocketShutdown.Send);
        }

        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        while ((await watcher.HealthAsync(patience.Token)).Connections.Open != 1)
        {
            await Task.Delay(20, patience.Token);
        }

        Assert.Equal(1, enclave.Machine.Vsock.Statistics.Connections);
    }

    /// <summary>A message behind its length, there and back.</summary>
    private static async Task ExchangeAsync(Socket socket)
    {
        byte[] message = RandomNumberGenerator.GetBytes(sizeof(int) + MessageBytes), answer = new byte[message.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, MessageBytes);
        Task receiving = ReceiveAsync(socket, answer);
        for (int sent = 0; sent < message.Length;)
        {
            sent += await socket.SendAsync(message.AsMemory(sent));
        }

        await receiving;
        Assert.Equal(message, answer);
    }

    private static async Task ReceiveAsync(Socket socket, Memory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = await socket.ReceiveAsync(bytes);
            Assert.NotEqual(0, count);
            bytes = bytes[count..];
        }
    }
}
