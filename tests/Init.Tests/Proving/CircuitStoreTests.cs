using System.Security.Cryptography;
using Init.Init.Tests.Server;
using Init.Prover;
using Init.Proving;

namespace Init.Init.Tests.Proving;

public sealed class CircuitStoreTests
{
    [Fact]
    public async Task A_circuit_is_found_by_the_hash_of_its_bytes()
    {
        CircuitStore store = new(2, 1000);
        byte[] bytecode = Requests.Bytecode();
        (CircuitHash hash, bool already) = await store.AddAsync(bytecode, default);
        Assert.Equal(SHA256.HashData(bytecode), hash.ToArray());
        Assert.Equal(hash, new CircuitHash(SHA256.HashData(bytecode)));
        Assert.False(already);
        Assert.NotNull(store.Find(hash));
        Assert.Equal((hash, true), await store.AddAsync(bytecode, default));
        Assert.Equal(new CircuitStoreStatistics(1, bytecode.Length, 0), store.Statistics);
    }

    [Fact]
    public async Task A_circuit_of_many_pieces_has_the_right_hash()
    {
        byte[] large = [.. Requests.Bytecode(), .. new byte[3_000_000]];
        new Random(1).NextBytes(large.AsSpan(1000));
        Assert.Equal(SHA256.HashData(large), (await CircuitHash.OfAsync(large, default)).ToArray());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CircuitHash.OfAsync(large, new CancellationToken(true)).AsTask());
    }

    [Fact]
    public async Task The_store_keeps_its_own_copy()
    {
        CircuitStore store = new(2, 1000);
        byte[] bytecode = Requests.Bytecode();
        (CircuitHash hash, _) = await store.AddAsync(bytecode, default);
        Array.Clear(bytecode);
        Assert.NotNull(store.Find(hash)!.Circuit);
        Assert.Equal((hash, true), await store.AddAsync(Requests.Bytecode(), default));
    }

    [Fact]
    public async Task The_least_recently_used_circuit_goes_out_for_a_new_one()
    {
        CircuitStore store = new(2, 1000);
        CircuitHash first = (await store.AddAsync(Requests.Bytecode(1), default)).Hash;
        CircuitHash second = (await store.AddAsync(Requests.Bytecode(2), default)).Hash;
        Assert.NotNull(store.Find(first));
        CircuitHash third = (await store.AddAsync(Requests.Bytecode(3), default)).Hash;
        Assert.Null(store.Find(second));
        Assert.NotNull(store.Find(first));
        Assert.NotNull(store.Find(third));
        Assert.Equal(1, store.Statistics.Evictions);
    }

    [Fact]
    public async Task Bytes_are_bounded_too()
    {
        int one = Requests.Bytecode(1).Length;
        CircuitStore store = new(10, (2 * one) + 1);
        CircuitHash first = (await store.AddAsync(Requests.Bytecode(1), default)).Hash;
        await store.AddAsync(Requests.Bytecode(2), default);
        await store.AddAsync(Requests.Bytecode(3), default);
        Assert.Null(store.Find(first));
        Assert.Equal(new CircuitStoreStatistics(2, 2 * one, 1), store.Statistics);
        ProverException error = await Assert.ThrowsAsync<ProverException>(() => store.AddAsync(new byte[(2 * one) + 2], default).AsTask());
        Assert.Equal(ProverError.TooLarge, error.Error);
    }

    [Fact]
    public async Task What_is_no_circuit_is_not_stored()
    {
        CircuitStore store = new(2, 1000);
        ProverException error = await Assert.ThrowsAsync<ProverException>(() => store.AddAsync(new byte[100], default).AsTask());
        Assert.Equal(ProverError.InvalidInput, error.Error);
        Assert.Equal(0, store.Statistics.Circuits);
    }
}
