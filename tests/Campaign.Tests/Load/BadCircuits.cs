using Init.Client;
using Init.Testing;
using Init.Wire;

namespace Init.Campaign.Tests.Load;

/// <summary>Work for the prover that traps, aborts or is refused; a proof that comes back all the same must be one.</summary>
internal static class BadCircuits
{
    private const int NestedBytes = 4 << 20, BombBytes = 300 << 20;

    private static readonly Lazy<byte[]> Nested = new(() => GzipBytes.Compress([3, .. Enumerable.Repeat((byte)0x91, NestedBytes)]));

    private static readonly Lazy<byte[]> Bomb = new(() => GzipBytes.Compress(new byte[BombBytes]));

    public static Behaviour[] All { get; } =
    [
        new("circuit of ones", 3, (me, _) => ProveAsync(me, GzipBytes.Compress([.. Enumerable.Repeat((byte)0xFF, 64)]), me.Target.Circuit.Witness)),
        new("circuit of noise", 3, (me, random) => ProveAsync(me, GzipBytes.Compress(GoodClients.Bytes(random, random.Next(1, 5_000))), me.Target.Circuit.Witness)),
        new("circuit that was changed", 4, ChangedCircuitAsync),
        new("circuit whose gzip was changed", 3, (me, random) => ProveAsync(me, (byte[])[0x1f, 0x8b, .. Mutations.Apply(random, me.Target.Circuit.Bytecode.Span[2..])], me.Target.Circuit.Witness)),
        new("witness that was changed", 4, ChangedWitnessAsync),
        new("circuit of nothing but beginnings", 1, (me, _) => ProveAsync(me, Nested.Value, me.Target.Circuit.Witness)),
        new("circuit that unpacks to 300 MiB", 1, (me, _) => ProveAsync(me, Bomb.Value, me.Target.Circuit.Witness)),
        new("circuit larger than the reference string", 1, (me, _) => ProveAsync(me, me.Target.LargerCircuit, me.Target.Circuit.Witness)),
        new("circuit nobody stored", 2, NotStoredAsync),
    ];

    private static Task<Outcome> ChangedCircuitAsync(SoakClient me, Random random)
    {
        byte[] plain = GzipBytes.Decompress(me.Target.Circuit.Bytecode.ToArray());
        return ProveAsync(me, GzipBytes.Compress(Mutations.Apply(random, plain)), me.Target.Circuit.Witness);
    }

    private static Task<Outcome> ChangedWitnessAsync(SoakClient me, Random random)
    {
        byte[] plain = GzipBytes.Decompress(me.Target.Circuit.Witness);
        return ProveAsync(me, me.Target.Circuit.Bytecode, GzipBytes.Compress(Mutations.Apply(random, plain)));
    }

    private static async Task<Outcome> NotStoredAsync(SoakClient me, Random random)
    {
        ProveRequest request = me.Target.Circuit.Prove() with { Circuit = new CircuitSource.StoredCircuit(GoodClients.Bytes(random, WireLimits.CircuitDigestBytes)) };
        return await ProveAsync(me, request);
    }

    private static Task<Outcome> ProveAsync(SoakClient me, ReadOnlyMemory<byte> circuit, ReadOnlyMemory<byte> witness) =>
        ProveAsync(me, me.Target.Circuit.Prove(deadlineMs: 15_000) with { Circuit = new CircuitSource.InlineCircuit(circuit), Witness = witness });

    private static async Task<Outcome> ProveAsync(SoakClient me, ProveRequest request)
    {
        try
        {
            me.Tally.Keep(await me.Plain.ProveAsync(request)); // bb has the last word
            return new("proved");
        }
        catch (ClientException failure)
        {
            return Outcome.Of(
                failure, ErrorCode.ProverFailed, ErrorCode.TooLarge, ErrorCode.Malformed, ErrorCode.Deadline, ErrorCode.NotFound);
        }
    }
}
