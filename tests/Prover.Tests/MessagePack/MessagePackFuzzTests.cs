using System.Diagnostics;
using System.Text;
using Init.Prover.MessagePack;

namespace Init.Prover.Tests.MessagePack;

public sealed class MessagePackFuzzTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Fact]
    public void What_the_writer_writes_the_reader_reads()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            byte[] document = Write(seed);
            var reader = new MessagePackReader(document);
            ReadBack(ref reader, new Random(seed), depth: 0);
            reader.ReadEnd();
            var skipping = new MessagePackReader(document);
            skipping.Skip();
            skipping.ReadEnd();
        }
    }

    [Fact]
    public void A_prefix_of_a_document_is_refused()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            byte[] document = Write(seed);
            for (int length = 0; length < document.Length; length++)
            {
                byte[] prefix = document[..length];
                Fails.With(ProverError.MalformedReply, () => _ = new MessagePackReader(prefix));
            }
        }
    }

    [Fact]
    public void A_mutated_document_is_read_or_refused()
    {
        var random = new Random(7);
        var watch = Stopwatch.StartNew();
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 50_000 && watch.Elapsed < Bound; i++)
        {
            byte[] document = i % 4 == 0 ? RandomBytes(random) : Write(random.Next());
            for (int mutations = random.Next(1, 4); mutations > 0 && document.Length > 0; mutations--)
            {
                document[random.Next(document.Length)] = (byte)random.Next(256);
            }

            try
            {
                var reader = new MessagePackReader(document);
                reader.Skip();
                reader.ReadEnd();
                read++;
            }
            catch (ProverException e)
            {
                Assert.Equal(ProverError.MalformedReply, e.Error);
                refused++;
            }
        }

        Assert.True(read > 500 && refused > 500, $"{read} read, {refused} refused");
    }

    private static byte[] RandomBytes(Random random)
    {
        byte[] bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Write(int seed)
    {
        var measuring = MessagePackWriter.Measuring();
        Write(ref measuring, new Random(seed), depth: 0);
        byte[] document = new byte[measuring.Complete()];
        var writer = new MessagePackWriter(document);
        Write(ref writer, new Random(seed), depth: 0);
        writer.Complete();
        return document;
    }

    private static void Write(ref MessagePackWriter writer, Random random, int depth)
    {
        switch (random.Next(depth < 4 ? 7 : 5))
        {
            case 0:
                writer.WriteNil();
                break;
            case 1:
                writer.WriteBoolean(random.Next(2) == 1);
                break;
            case 2:
                writer.WriteUInt64((ulong)random.NextInt64() >> random.Next(64));
                break;
            case 3:
                writer.WriteString(new string('ä', random.Next(60)));
                break;
            case 4:
                writer.WriteBinary(new byte[random.Next(60)]);
                break;
            case 5:
                int items = random.Next(5);
                writer.WriteArrayHeader(items);
                for (int i = 0; i < items; i++)
                {
                    Write(ref writer, random, depth + 1);
                }

                break;
            default:
                int pairs = random.Next(5);
                writer.WriteMapHeader(pairs);
                for (int i = 0; i < pairs; i++)
                {
                    writer.WriteString($"key{i}");
                    Write(ref writer, random, depth + 1);
                }

                break;
        }
    }

    private static void ReadBack(ref MessagePackReader reader, Random random, int depth)
    {
        switch (random.Next(depth < 4 ? 7 : 5))
        {
            case 0:
                Assert.True(reader.TryReadNil());
                break;
            case 1:
                Assert.Equal(random.Next(2) == 1, reader.ReadBoolean());
                break;
            case 2:
                Assert.Equal((ulong)random.NextInt64() >> random.Next(64), reader.ReadUInt64());
                break;
            case 3:
                string text = new('ä', random.Next(60));
                Assert.Equal(text, Encoding.UTF8.GetString(reader.ReadStringUtf8()));
                break;
            case 4:
                Assert.Equal(random.Next(60), reader.ReadBinary().Length);
                break;
            case 5:
                int items = random.Next(5);
                Assert.Equal(items, reader.ReadArrayHeader());
                for (int i = 0; i < items; i++)
                {
                    ReadBack(ref reader, random, depth + 1);
                }

                break;
            default:
                int pairs = random.Next(5);
                Assert.Equal(pairs, reader.ReadMapHeader());
                for (int i = 0; i < pairs; i++)
                {
                    Assert.Equal($"key{i}", reader.ReadString(9));
                    ReadBack(ref reader, random, depth + 1);
                }

                break;
        }
    }
}
