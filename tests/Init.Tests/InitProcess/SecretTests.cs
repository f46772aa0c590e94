using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Init.Attestation;
using Init.Client;
using Init.Prover.Noir;
using Init.Testing;
using Init.Wire;

namespace Init.Init.Tests.InitProcess;

/// <summary>
/// Secrets planted in sealed requests, good ones and bad ones, and looked for in all that the parent sees and in the process's memory
/// when the requests are done.
/// </summary>
public sealed class SecretTests
{
    private const int Proofs = 3;

    private static readonly BigInteger Order = BigInteger.Parse(
        "21888242871839275222246405745257275088548364400416034343698204186575808495617", CultureInfo.InvariantCulture);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [ProcessFact]
    public async Task What_is_sealed_is_in_nothing_that_the_parent_sees_and_afterwards_in_no_memory()
    {
        using BootedProcess process = new(new ProcessPlan { Arguments = ["init.crs_points=1024"] });
        process.Connect().Dispose();
        using RecordingRelay relay = new(Path.Combine(process.Folder, "relay"), process.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(EnclaveAddress.Parse($"unix:{relay.Path}"), Patience);
        await client.AttestAsync(process.Policy);

        BigInteger secret = new(RandomNumberGenerator.GetBytes(31), isUnsigned: true);
        byte[] marker = Encoding.ASCII.GetBytes(Convert.ToHexString(RandomNumberGenerator.GetBytes(24)));
        byte[] witness = Witness(secret);
        ReadOnlyMemory<byte> circuit = NoirProgram.ExtractBytecode(File.ReadAllBytes(Path.Combine(Places.Root, "tests/circuits/tiny/prog.json")));
        for (int i = 0; i < Proofs; i++)
        {
            Assert.NotEmpty((await client.ProveAsync(circuit, witness)).Proof.ToArray());
        }

        await AssertFailsAsync(client, circuit, marker);
        Assert.NotEmpty((await client.HealthAsync()).Prover.Failed);

        byte[][] patterns = [.. Forms(secret), witness[20..52], marker];
        byte[] seen = [.. relay.Carried, .. Encoding.UTF8.GetBytes(string.Join('\n', process.Lines)), .. Encoding.UTF8.GetBytes(process.StandardError)];
        Assert.InRange(seen.Length, 10_000, int.MaxValue);
        Assert.All(patterns, pattern => Assert.True(seen.AsSpan().IndexOf(pattern) < 0));
        Assert.Equal(0, ForeignMemory.Count(process.FindId(isFirst: false), patterns));
    }

    [ProcessFact]
    public async Task What_is_sent_in_the_open_is_seen_and_what_is_kept_is_found()
    {
        // Otherwise the test above could not fail: a circuit is kept on purpose, and its bytes are the ones that were sent.
        using BootedProcess process = new(new ProcessPlan { Arguments = ["init.crs_points=1024"] });
        process.Connect().Dispose();
        using RecordingRelay relay = new(Path.Combine(process.Folder, "relay"), process.SocketPath);
        using EnclaveClient client = EnclaveClient.Open(
            EnclaveAddress.Parse($"unix:{relay.Path}"), Patience, new EnclaveClientOptions { Insecure = true });
        byte[] kept = GzipBytes.Compress(RandomNumberGenerator.GetBytes(200));
        await client.StoreCircuitAsync(kept);
        byte[] pattern = kept[50..82];
        Assert.True(relay.Carried.AsSpan().IndexOf(pattern) >= 0);
        Assert.InRange(ForeignMemory.Count(process.FindId(isFirst: false), [pattern]), 1, int.MaxValue);
    }

    // Requests that go wrong in the reader of gzip, in the reader of the witness and in the prover.
    private static async Task AssertFailsAsync(EnclaveClient client, ReadOnlyMemory<byte> circuit, byte[] marker)
    {
        byte[][] witnesses = [marker, GzipBytes.Compress(marker), [.. GzipBytes.Compress(marker), .. marker]];
        foreach (byte[] witness in witnesses)
        {
            ClientException failure = await Assert.ThrowsAsync<ClientException>(() => client.ProveAsync(circuit, witness));
            Assert.DoesNotContain(Encoding.ASCII.GetString(marker), failure.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<ClientException>(() => client.StoreCircuitAsync(marker));
        await Assert.ThrowsAsync<ClientException>(() => client.ComputeKeyAsync(GzipBytes.Compress(marker), new ProveSettings()));
        await Assert.ThrowsAsync<ClientException>(() => client.VerifyAsync(new VerifyRequest(marker, marker, marker, new ProveSettings())));
        Assert.Equal(marker, (await client.EchoAsync(marker)).Data.ToArray());
    }

    // As HygieneTests: the file's big-endian bytes, little-endian, and Montgomery form with R = 2^256 and R = 2^261.
    private static IEnumerable<byte[]> Forms(BigInteger secret)
    {
        byte[] little = Little(secret);
        yield return [.. little.Reverse()];
        yield return little;
        yield return Little((secret << 256) % Order);
        yield return Little((secret << 261) % Order);
    }

    // Noir 1.0.0-beta.26's witness stack for tiny: a format byte, then MessagePack [[[0, {0: bin 32, 1: bin 32}]]].
    private static byte[] Witness(BigInteger secret) => GzipBytes.Compress(
        [3, 0x91, 0x91, 0x92, 0, 0x82, 0, 0xc4, 32, .. Little(secret).Reverse(), 1, 0xc4, 32, .. Little(secret * secret % Order).Reverse()]);

    private static byte[] Little(BigInteger value)
    {
        byte[] bytes = new byte[32];
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }
}
