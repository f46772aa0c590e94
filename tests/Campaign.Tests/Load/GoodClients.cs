using Init.Client;
using Init.Init.Tests.Server;
using Init.Wire;

namespace Init.Campaign.Tests.Load;

/// <summary>What clients do who mean well: each knows the answer that is right.</summary>
internal static class GoodClients
{
    private const int SmallBytes = 64, LargeBytes = 200_000, HugeBytes = 6 << 20;

    public static Behaviour[] All { get; } =
    [
        new("echo, small", 20, (me, random) => EchoAsync(me.Plain, random, SmallBytes)),
        new("echo, large", 10, (me, random) => EchoAsync(me.Plain, random, LargeBytes)),
        new("echo, of several frames", 2, (me, random) => EchoAsync(me.Plain, random, HugeBytes)),
        new("sealed echo", 10, async (me, random) => await EchoAsync(await me.SealedAsync(), random, LargeBytes)),
        new("several at once", 4, SeveralAsync),
        new("hello and health", 10, HealthAsync),
        new("attest", 6, AttestAsync),
        new("prove", 3, async (me, _) => Judge(me, await me.Plain.ProveAsync(me.Target.Circuit.Prove()))),
        new("prove, sealed", 6, ProveSealedAsync),
        new("prove, then cancel", 3, CancelAsync),
        new("prove within too little", 3, DeadlineAsync),
        new("key", 2, KeyAsync),
        new("verify what is right", 4, (me, random) => VerifyAsync(me, random, isRight: true)),
        new("verify what is wrong", 4, (me, random) => VerifyAsync(me, random, isRight: false)),
        new("read late", 3, ReadLateAsync),
    ];

    private static async Task<Outcome> EchoAsync(EnclaveClient client, Random random, int mostBytes)
    {
        byte[] data = Bytes(random, random.Next(mostBytes + 1));
        EchoReply reply = await client.EchoAsync(data);
        return Outcome.RightIf(reply.Data.Span.SequenceEqual(data), $"{data.Length} bytes came back as {reply.Data.Length}, or others");
    }

    private static async Task<Outcome> SeveralAsync(SoakClient me, Random random)
    {
        EnclaveClient client = random.Next(2) == 0 ? me.Plain : await me.SealedAsync();
        Outcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, random.Next(2, 12)).Select(i => EchoAsync(client, new Random(random.Next()), LargeBytes)));
        return outcomes.FirstOrDefault(outcome => outcome.Fault is not null) is { Fault: not null } wrong ? wrong : Outcome.Right;
    }

    private static async Task<Outcome> HealthAsync(SoakClient me, Random random)
    {
        HelloReply hello = await me.Plain.HelloAsync();
        HealthReply health = await me.Plain.HealthAsync();
        return Outcome.RightIf(
            hello.SrsKind == health.Prover.SrsKind && health.Nsm is { Opens: 1, IsLost: false } && health.Connections.Open > 0,
            $"{hello.SrsKind}, {health.Prover.SrsKind}, NSM opened {health.Nsm.Opens} times, lost: {health.Nsm.IsLost}");
    }

    private static async Task<Outcome> AttestAsync(SoakClient me, Random random)
    {
        using EnclaveClient client = EnclaveClient.Open(me.Target.Address, me.Target.Patience, new EnclaveClientOptions { RetryFor = TimeSpan.Zero });
        AttestedEnclave enclave = await client.AttestAsync(me.Target.Policy); // verifies, a nonce of its own included
        return Outcome.RightIf(!enclave.KeyId.IsEmpty, "a document without a key");
    }

    private static async Task<Outcome> ProveSealedAsync(SoakClient me, Random random)
    {
        EnclaveClient client = await me.SealedAsync();
        return Judge(me, await client.ProveAsync(me.Target.Circuit.Bytecode, me.Target.Circuit.Witness));
    }

    private static Outcome Judge(SoakClient me, ProveReply reply)
    {
        me.Tally.Keep(reply);
        return Outcome.RightIf(me.Target.Circuit.IsRight(reply), "a proof with another key or other public inputs");
    }

    private static async Task<Outcome> CancelAsync(SoakClient me, Random random)
    {
        using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(random.Next(150)));
        try
        {
            return Judge(me, await me.Plain.ProveAsync(me.Target.Circuit.Prove(), progress: null, cancellation.Token));
        }
        catch (OperationCanceledException)
        {
            return new("cancelled");
        }
    }

    private static async Task<Outcome> DeadlineAsync(SoakClient me, Random random)
    {
        try
        {
            return Judge(me, await me.Plain.ProveAsync(me.Target.Circuit.Prove(deadlineMs: (uint)random.Next(1, 60))));
        }
        catch (ClientException failure)
        {
            return Outcome.Of(failure, ErrorCode.Deadline);
        }
    }

    private static async Task<Outcome> KeyAsync(SoakClient me, Random random)
    {
        VkReply reply = await (await me.SealedAsync()).ComputeKeyAsync(me.Target.Circuit.Bytecode, new ProveSettings());
        return Outcome.RightIf(reply.Key.Span.SequenceEqual(me.Target.Circuit.Key.Span), "another key than bb's");
    }

    private static async Task<Outcome> VerifyAsync(SoakClient me, Random random, bool isRight)
    {
        KnownCircuit circuit = me.Target.Circuit;
        byte[] proof = circuit.Proof.ToArray();
        if (!isRight)
        {
            proof[random.Next(proof.Length)] ^= (byte)(1 << random.Next(8));
        }

        try
        {
            VerifyReply reply = await me.Plain.VerifyAsync(new VerifyRequest(circuit.Key, proof, circuit.PublicInputs, new ProveSettings()));
            return Outcome.RightIf(reply.Valid == isRight, $"the verdict on a {(isRight ? "right" : "wrong")} proof is {reply.Valid}");
        }
        catch (ClientException failure) when (!isRight)
        {
            return Outcome.Of(failure, ErrorCode.ProverFailed, ErrorCode.Malformed); // a flipped bit can make it no proof at all
        }
    }

    private static async Task<Outcome> ReadLateAsync(SoakClient me, Random random)
    {
        using RawClient client = me.Target.Raw();
        byte[] data = Bytes(random, 300_000);
        const int Requests = 4;
        for (ulong id = 1; id <= Requests; id++)
        {
            if (!client.TrySend(RawClient.Frames(id, new EchoRequest(data))).IsDone)
            {
                return new("unexpected end", "the enclave has stopped to read who reads late");
            }
        }

        await Task.Delay(random.Next(100, 2_000));
        for (int i = 0; i < Requests; i++)
        {
            Message message = client.Read();
            if (message.Kind == FrameKind.Error)
            {
                return Outcome.Of(message.Error.Code, message.Error.Message);
            }

            if (!((EchoReply)message.Reply).Data.Span.SequenceEqual(data))
            {
                return Outcome.Wrong("read late, and other bytes");
            }
        }

        return Outcome.Right;
    }

    internal static byte[] Bytes(Random random, int length)
    {
        byte[] data = new byte[length];
        random.NextBytes(data);
        return data;
    }
}
