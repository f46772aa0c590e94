using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Init.Prover;
using Init.Prover.Barretenberg;
using Init.Prover.Gzip;
using Init.Prover.MessagePack;
using Init.Prover.Noir;
using Init.Prover.Tests.Gzip;

namespace Init.Fuzz.Targets;

/// <summary>What the prover's managed half reads: gzip, bbapi's replies out of the sandbox, Noir's programs.</summary>
internal static class ProverTargets
{
    private const int MaxDecodedBytes = 1 << 20;

    private static readonly Func<byte[], object?>[] Readers =
    [
        bytes => Replies.ReadProof(bytes, new CircuitProve(null!, default, null!, new ProofSettings())),
        bytes => Replies.ReadKey(bytes, new CircuitComputeVk(null!, new ProofSettings())),
        bytes => Replies.ReadVerdict(bytes, new CircuitVerify(default, default, default, new ProofSettings()), "verified"u8),
        bytes => Replies.ReadStatistics(bytes, new CircuitStats(null!, new ProofSettings())),
        bytes => ChonkReplies.ReadProof(bytes, new ChonkProve()),
        bytes =>
        {
            Replies.ReadAcknowledgement(bytes, new ChonkStart(1));
            return null;
        },
    ];

    private static readonly string[] ReplyNames =
        ["CircuitProveResponse", "CircuitComputeVkResponse", "CircuitVerifyResponse", "CircuitInfoResponse", "ChonkProveResponse", "ChonkStartResponse"];

    public static IReadOnlyList<ManagedTarget> List { get; } =
    [
        new("gzip", bytes => bytes.Length > 0 && Refusal.Of<ProverException>(() => Decode(bytes)))
        {
            CheckAccepted = bytes => Assert.True(AsThePlatformDoes(bytes).AsSpan().SequenceEqual(Decode(bytes)), "the platform decodes it to something else"),
            AllocationLimit = bytes => (64 * 1024) + MaxDecodedBytes + (8L * bytes),
            Seeds = GzipSeeds,
        },
        new("replies", bytes => bytes.Length > 0 && Refusal.Of<ProverException>(() => Readers[bytes[0] % Readers.Length](bytes[1..])))
        {
            CheckAccepted = bytes => CheckMessagePack(bytes[1..]),
            AllocationLimit = bytes => (64 * 1024) + (32L * bytes),
            Seeds = ReplySeeds,
        },
        new("messagepack", bytes => Refusal.Of<ProverException>(() => Skip(bytes)))
        {
            CheckAccepted = CheckMessagePack,
            MaxBytes = 1024,
            Seeds = () => ReplySeeds().Select(seed => seed[1..]),
        },
        new("noir", bytes => Refusal.Of<ProverException>(() => NoirProgram.ExtractBytecode(bytes)))
        {
            CheckAccepted = CheckProgram,
            Seeds = ProgramSeeds,
        },
    ];

    // The first byte: a gzip file, or a bare deflate stream without the trailer that a mutation breaks.
    private static byte[] Decode(byte[] bytes)
    {
        byte[] body = bytes[1..];
        if (bytes[0] % 2 == 0)
        {
            byte[] content = new byte[GzipDecoder.Measure(body, MaxDecodedBytes)];
            GzipDecoder.Decode(body, content);
            return content;
        }

        byte[] inflated = new byte[Inflater.Measure(body, MaxDecodedBytes, out int measured)];
        Assert.Equal(inflated.Length, Inflater.Decode(body, inflated, out int consumed));
        Assert.Equal(measured, consumed);
        return inflated;
    }

    private static byte[] AsThePlatformDoes(byte[] bytes)
    {
        using MemoryStream source = new(bytes[1..]);
        using Stream decoder = bytes[0] % 2 == 0 ? new GZipStream(source, CompressionMode.Decompress) : new DeflateStream(source, CompressionMode.Decompress);
        using MemoryStream target = new();
        decoder.CopyTo(target);
        return target.ToArray();
    }

    private static void Skip(byte[] bytes)
    {
        MessagePackReader reader = new(bytes);
        reader.Skip();
        reader.ReadEnd();
    }

    // What is read, written again and read again is the same.
    private static void CheckMessagePack(byte[] bytes)
    {
        string text = MessagePackText.Of(bytes);
        if (MessagePackText.Rewritten(bytes) is byte[] written)
        {
            Assert.Equal(text, MessagePackText.Of(written));
        }
    }

    private static void CheckProgram(byte[] bytes)
    {
        byte[] bytecode = NoirProgram.ExtractBytecode(bytes);
        if (!GzipDecoder.HasMagic(bytes))
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            Assert.Equal(document.RootElement.GetProperty("bytecode").GetBytesFromBase64(), bytecode);
        }
    }

    private static IEnumerable<byte[]> GzipSeeds()
    {
        foreach (byte[] content in Samples.Of(60).Concat(Samples.Of(700)))
        {
            foreach (CompressionLevel level in new[] { CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.SmallestSize })
            {
                byte[] gzip = Samples.Compress(content, level);
                yield return [0, .. gzip];
                yield return [1, .. gzip[10..^8]];
            }
        }
    }

    private static IEnumerable<byte[]> ReplySeeds()
    {
        for (int i = 0; i < ReplyNames.Length; i++)
        {
            byte[] reply = new byte[2048];
            MessagePackWriter writer = new(reply);
            WriteReply(ref writer, ReplyNames[i]);
            yield return [(byte)i, .. reply[..(int)writer.Length]];
        }

        byte[] refusal = new byte[128];
        MessagePackWriter error = new(refusal);
        error.WriteArrayHeader(2);
        error.WriteString("ErrorResponse");
        error.WriteMapHeader(1);
        error.WriteString("message");
        error.WriteString("because");
        yield return [0, .. refusal[..(int)error.Length]];
    }

    private static void WriteReply(ref MessagePackWriter writer, string name)
    {
        writer.WriteArrayHeader(2);
        writer.WriteString(name);
        switch (name)
        {
            case "CircuitProveResponse":
                writer.WriteMapHeader(3);
                WriteElements(ref writer, "public_inputs", 1);
                WriteElements(ref writer, "proof", 3);
                writer.WriteString("vk");
                WriteKey(ref writer);
                break;
            case "CircuitComputeVkResponse":
                WriteKey(ref writer);
                break;
            case "CircuitInfoResponse":
                writer.WriteMapHeader(3);
                foreach (string field in new[] { "num_gates", "num_gates_dyadic", "num_acir_opcodes" })
                {
                    writer.WriteString(field);
                    writer.WriteUInt64(300);
                }

                break;
            case "ChonkProveResponse":
                writer.WriteMapHeader(1);
                writer.WriteString("proof");
                writer.WriteMapHeader(5);
                foreach (string part in new[] { "hiding_oink_proof", "merge_proof", "eccvm_proof", "ipa_proof", "joint_proof" })
                {
                    WriteElements(ref writer, part, 1);
                }

                break;
            default:
                writer.WriteMapHeader(1);
                writer.WriteString("verified");
                writer.WriteBoolean(true);
                break;
        }
    }

    private static void WriteKey(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteString("bytes");
        writer.WriteBinary(new byte[40]);
        writer.WriteString("hash");
        writer.WriteBinary(new byte[32]);
    }

    private static void WriteElements(ref MessagePackWriter writer, string name, int count)
    {
        writer.WriteString(name);
        writer.WriteArrayHeader(count);
        for (int i = 0; i < count; i++)
        {
            writer.WriteBinary(new byte[32]);
        }
    }

    private static IEnumerable<byte[]> ProgramSeeds()
    {
        byte[] gzip = Samples.Compress([1, 2, 3], CompressionLevel.Fastest);
        yield return gzip;
        yield return Encoding.UTF8.GetBytes($$"""{"noir_version":"1","hash":1,"abi":{"x":[1,{"y":null}]},"bytecode":"{{Convert.ToBase64String(gzip)}}","names":["main"]}""");
    }
}
