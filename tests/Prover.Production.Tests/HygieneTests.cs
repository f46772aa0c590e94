using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Init.Testing;

namespace Init.Prover.Production.Tests;

/// <summary>After a proof nothing of its witness is in the process's memory; the search is shown to find it before.</summary>
public sealed class HygieneTests
{
    private static readonly BigInteger Order = BigInteger.Parse(
        "21888242871839275222246405745257275088548364400416034343698204186575808495617", CultureInfo.InvariantCulture);

    [VectorsFact]
    public void After_a_proof_the_witness_is_nowhere_in_memory()
    {
        (long during, long after, _) = Probe();
        Assert.True(during > 0, "the search does not find a witness that is there");
        Assert.Equal(0, after);
    }

    [VectorsFact]
    public void The_search_finds_a_copy_that_is_kept()
    {
        (_, long after, _) = Probe("--keep");
        Assert.True(after > 0);
    }

    [VectorsFact]
    public void In_the_static_executable_null_references_are_still_exceptions()
    {
        (_, _, long caught) = Probe();
        Assert.Equal(100, caught);
    }

    private static (long During, long After, long Caught) Probe(params string[] more)
    {
        string scratch = Places.Scratch(nameof(HygieneTests));
        BigInteger secret = new(RandomNumberGenerator.GetBytes(31), isUnsigned: true);
        string witness = Path.Combine(scratch, "witness.gz"), patterns = Path.Combine(scratch, "patterns");
        WriteWitness(witness, secret);
        File.WriteAllBytes(patterns, [.. Forms(secret).SelectMany(form => form).Select(b => (byte)(b ^ 0xa5))]);
        string program = Path.Combine(Places.Root, "tests/circuits/tiny/prog.json");
        ProcessStartInfo start = new(
            Path.Combine(Places.Root, "out/test/bin/hygiene-probe"), [Places.CeremonyCrs, program, witness, patterns, .. more])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return (Number(lines[0], "during "), Number(lines[1], "after "), Number(lines[2], "caught "));
    }

    // As the prover may hold it: the file's big-endian bytes, little-endian, and Montgomery form with R = 2^256 and with
    // the module's own R = 2^261, as little-endian words.
    private static IEnumerable<byte[]> Forms(BigInteger secret)
    {
        byte[] little = Little(secret);
        yield return [.. little.Reverse()];
        yield return little;
        yield return Little((secret << 256) % Order);
        yield return Little((secret << 261) % Order);
    }

    // Noir 1.0.0-beta.26's witness stack for tiny: a format byte, then MessagePack [[[0, {0: bin 32, 1: bin 32}]]].
    private static void WriteWitness(string path, BigInteger secret)
    {
        byte[] stack =
        [
            3, 0x91, 0x91, 0x92, 0, 0x82,
            0, 0xc4, 32, .. Little(secret).Reverse(),
            1, 0xc4, 32, .. Little(secret * secret % Order).Reverse(),
        ];
        File.WriteAllBytes(path, GzipBytes.Compress(stack));
    }

    private static byte[] Little(BigInteger value)
    {
        byte[] bytes = new byte[32];
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }

    private static long Number(string line, string prefix)
    {
        Assert.StartsWith(prefix, line, StringComparison.Ordinal);
        return long.Parse(line.AsSpan(prefix.Length), CultureInfo.InvariantCulture);
    }
}
