using System.Buffers.Binary;
using Init.Client;
using Init.Init.Tests.Handlers;
using Init.Init.Tests.Server;
using Init.Linux;
using Init.Nsm;
using Init.Sealing;
using Init.Wire;

namespace Init.Campaign.Tests.Load;

/// <summary>What clients do who mean harm, or break: each knows what the enclave must say to it.</summary>
internal static class HostileClients
{
    private static readonly uint[] Lengths =
        [0, 1, 7, WireLimits.MaxFrameBodyBytes + 1, 0x00FF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

    public static Behaviour[] All { get; } =
    [
        new("half a frame, then the end", 4, HalfAFrameAsync),
        new("half a frame, then a reset", 4, (me, random) => AbandonedAsync(me, random, HalfOf(random))),
        new("half a message, then a reset", 2, (me, random) => AbandonedAsync(me, random, RawClient.Frame(1, more: true, new byte[random.Next(1, 900_000)]))),
        new("a length that cannot be", 4, HostileLengthAsync),
        new("a wrong checksum", 4, WrongChecksumAsync),
        new("noise for a message", 4, NoiseAsync),
        new("noise from the start", 2, NoiseFromTheStartAsync),
        new("a reset while the reply comes", 3, ResetAsync),
        new("many that only connect", 3, ManyAsync),
        new("requests nobody reads the answers of", 2, NeverReadAsync),
        new("a header, then silence", 1, SilenceAsync),
        new("a sealed request that was changed", 3, ChangedAsync),
        new("a sealed request, twice", 3, ReplayedAsync),
    ];

    private static byte[] HalfOf(Random random)
    {
        byte[] frame = RawClient.Frames(1, new EchoRequest(GoodClients.Bytes(random, random.Next(1, 50_000))));
        return frame[..random.Next(1, frame.Length)];
    }

    private static Task<Outcome> HalfAFrameAsync(SoakClient me, Random random) => Task.Run(() =>
    {
        using RawClient client = me.Target.Raw();
        client.TrySend(HalfOf(random));
        client.Socket.Shutdown(ShutdownSides.Write);
        return EndsConnection(client, ErrorCode.Malformed);
    });

    private static async Task<Outcome> AbandonedAsync(SoakClient me, Random random, byte[] begun)
    {
        using RawClient client = me.Target.Raw();
        client.TrySend(begun);
        await Task.Delay(random.Next(50));
        return Outcome.Told;
    }

    private static Task<Outcome> HostileLengthAsync(SoakClient me, Random random) => Task.Run(() =>
    {
        using RawClient client = me.Target.Raw();
        uint length = Lengths[random.Next(Lengths.Length)];
        client.TrySend([.. RawClient.Header(length), .. GoodClients.Bytes(random, random.Next(8, 100))]);
        return EndsConnection(client, ErrorCode.Malformed, ErrorCode.TooLarge);
    });

    private static Task<Outcome> WrongChecksumAsync(SoakClient me, Random random) => Task.Run(() =>
    {
        using RawClient client = me.Target.Raw();
        byte[] frame = RawClient.Frames(1, new EchoRequest(GoodClients.Bytes(random, random.Next(1, 50_000))));
        frame[random.Next(sizeof(uint), frame.Length)] ^= (byte)(1 << random.Next(8));
        client.TrySend(frame);
        return EndsConnection(client, ErrorCode.Malformed);
    });

    private static Task<Outcome> NoiseAsync(SoakClient me, Random random) => Task.Run(() =>
    {
        using RawClient client = me.Target.Raw();
        client.Send(RawClient.Frame(7, more: false, GoodClients.Bytes(random, random.Next(1, 2_000))));
        Message answer = client.Read();
        if (answer.Kind != FrameKind.Error)
        {
            return Outcome.Wrong($"noise was answered by a {answer.Kind}");
        }

        Outcome told = Outcome.Of(answer.Error.Code, answer.Error.Message, ErrorCode.Malformed, ErrorCode.TooLarge, ErrorCode.UnsupportedVersion);
        if (answer.Id == 7 && told.Fault is null)
        {
            byte[] data = GoodClients.Bytes(random, 100); // the connection is as good as before
            client.Send(8, new EchoRequest(data));
            Message echo = client.Read();
            return echo.Kind == FrameKind.Error
                ? Outcome.Of(echo.Error.Code, echo.Error.Message)
                : Outcome.RightIf(((EchoReply)echo.Reply).Data.Span.SequenceEqual(data), "other bytes after noise");
        }

        return told;
    });

    private static Task<Outcome> NoiseFromTheStartAsync(SoakClient me, Random random) => Task.Run(() =>
    {
        using RawClient client = me.Target.Raw();
        byte[] noise = GoodClients.Bytes(random, random.Next(8, 100_000));
        BinaryPrimitives.WriteUInt32BigEndian(noise, (uint)random.Next(1, noise.Length)); // else it is a length that cannot be
        client.TrySend(noise);
        client.Socket.Shutdown(ShutdownSides.Write);
        return EndsConnection(client, ErrorCode.Malformed);
    });

    private static Task<Outcome> ResetAsync(SoakClient me, Random random) => Task.Run(() =>
    {
        using RawClient client = me.Target.Raw();
        client.TrySend(RawClient.Frames(1, new EchoRequest(new byte[random.Next(1, 3 << 20)])));
        DescriptorIo.ReadSome(client.Socket, new byte[random.Next(1, 5_000)], Deadline.After(me.Target.Patience));
        return Outcome.Told; // closing with bytes unread resets
    });

    private static Task<Outcome> ManyAsync(SoakClient me, Random random) => Task.Run(() =>
    {
        RawClient[] clients = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => me.Target.Raw())];
        Array.ForEach(clients, client => client.Dispose());
        return Outcome.Told;
    });

    private static async Task<Outcome> NeverReadAsync(SoakClient me, Random random)
    {
        using RawClient client = me.Target.Raw();
        client.TrySend([.. Enumerable.Range(1, 12).SelectMany(id => RawClient.Frames((ulong)id, new EchoRequest(new byte[40_000])))]);
        await Task.Delay(random.Next(3_000));
        return Outcome.Told;
    }

    private static Task<Outcome> SilenceAsync(SoakClient me, Random random) => Task.Run(() =>
    {
        using RawClient client = me.Target.Raw();
        client.TrySend(RawClient.Header((uint)random.Next(20, 1_000)));
        return EndsConnection(client, ErrorCode.Deadline);
    });

    private static Task<Outcome> ChangedAsync(SoakClient me, Random random) => SealedAsync(me, (client, message, _) =>
    {
        byte[] boxes = message.Boxes.ToArray();
        boxes[random.Next(boxes.Length)] ^= (byte)(1 << random.Next(8));
        client.Send(1, message with { Boxes = boxes });
        return Told(client.Read(), ErrorCode.NotAuthentic, ErrorCode.UnknownKey);
    });

    private static Task<Outcome> ReplayedAsync(SoakClient me, Random random) => SealedAsync(me, (client, message, call) =>
    {
        client.Send(1, message);
        Message first = client.Read();
        if (first.Kind == FrameKind.Error)
        {
            return Outcome.Of(first.Error.Code, first.Error.Message, ErrorCode.UnknownKey);
        }

        (FrameKind kind, _) = SealedCaller.Open(call, (SealedReply)first.Reply);
        client.Send(2, message);
        return kind == FrameKind.Reply ? Told(client.Read(), ErrorCode.Replayed, ErrorCode.UnknownKey) : new("busy inside");
    });

    private static async Task<Outcome> SealedAsync(SoakClient me, Func<RawClient, SealedRequest, SealedCall, Outcome> send)
    {
        ReadOnlyMemory<byte> document = (await me.Plain.FetchAttestationAsync(new byte[16], default)).Document;
        SealedCaller caller = new(AttestationDocument.Parse(document).PublicKey);
        (SealedRequest message, SealedCall call) = caller.Seal(new EchoRequest(new byte[1_000]));
        using (call)
        {
            return await Task.Run(() =>
            {
                using RawClient client = me.Target.Raw();
                return send(client, message, call);
            });
        }
    }

    private static Outcome Told(Message answer, params ReadOnlySpan<ErrorCode> allowed) => answer.Kind == FrameKind.Error
        ? Outcome.Of(answer.Error.Code, answer.Error.Message, allowed)
        : Outcome.Wrong($"answered by a {answer.Kind}");

    /// <summary>One error that belongs to the connection, then its end. The error may be lost where bytes that were not read reset the connection.</summary>
    private static Outcome EndsConnection(RawClient client, params ReadOnlySpan<ErrorCode> allowed)
    {
        Message? answer = client.TryRead();
        if (answer is null)
        {
            return Outcome.Told;
        }

        return answer.Kind != FrameKind.Error || answer.Id != 0
            ? Outcome.Wrong($"answered by a {answer.Kind} of {answer.Id}")
            : client.TryRead() is { } more ? Outcome.Wrong($"a {more.Kind} after the connection's error") : Outcome.Of(answer.Error.Code, answer.Error.Message, allowed);
    }
}
