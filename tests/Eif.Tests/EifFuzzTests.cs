using System.Diagnostics;
using Init.Eif.Tests.Ramdisk;

namespace Init.Eif.Tests;

public sealed class EifFuzzTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_mutated_image_is_read_or_refused_and_never_takes_more_memory_than_it_is_large()
    {
        // A kernel that is not looked into is small, so that more mutations fall on what is.
        byte[] kernel = [1, 2, 3, 4];
        byte[][] ramdisks = [SampleImage.FirstRamdisk, SampleImage.SecondRamdisk];
        byte[][] seeds =
        [
            SampleImage.Write(kernel),
            SampleSigner.Create(DateTimeOffset.UnixEpoch).Sign(SampleImage.Write(kernel, ramdisks: ramdisks)),
        ];
        var random = new Random(21);
        var watch = Stopwatch.StartNew();
        Dictionary<EifError, int> refused = [];
        int read = 0;
        for (int i = 0; i < 25_000 && watch.Elapsed < Bound; i++)
        {
            byte[] image = Mutate(seeds[random.Next(seeds.Length)], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                EifImage parsed = SampleImage.Read(image);
                foreach (EifSection section in parsed.Sections.Where(s => s.Type == EifSectionType.Ramdisk))
                {
                    RamdiskReader.List(parsed.OpenSection(section));
                }

                // Which signature is good is SigningTests' matter: here nothing but the one exception may come.
                parsed.Signature?.Verify(parsed.Measurements.Pcr0, DateTimeOffset.UnixEpoch);
                read++;
            }
            catch (EifException e)
            {
                refused[e.Error] = refused.GetValueOrDefault(e.Error) + 1;
            }

            // Buffers of fixed size, the image's own bytes, and the text of a message.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3_000_000);
        }

        string outcome = $"{read} read, {string.Join(", ", refused)}";
        EifError[] expected =
        [
            EifError.BadMagic, EifError.UnsupportedVersion, EifError.UnsupportedFlags, EifError.TooManySections, EifError.SectionOrder,
            EifError.SectionLayout, EifError.ChecksumMismatch, EifError.Metadata, EifError.Signature, EifError.Ramdisk,
        ];
        Assert.True(read > 20 && expected.All(refused.ContainsKey), outcome);
    }

    [Fact]
    public void A_mutated_image_differs_from_what_it_was_unless_it_is_the_same_bytes()
    {
        byte[] seed = SampleSigner.Create(DateTimeOffset.UnixEpoch).Sign(
            SampleImage.Write([1, 2, 3, 4], ramdisks: [SampleRamdisk.Archive("a", "b"), SampleImage.SecondRamdisk]));
        EifImage before = SampleImage.Read(seed);
        var random = new Random(22);
        int compared = 0;
        for (int i = 0; i < 3_000; i++)
        {
            byte[] image = Mutate(seed, random);
            try
            {
                Assert.Equal(image.AsSpan().SequenceEqual(seed), ImageDiff.Compare(before, SampleImage.Read(image)).Count == 0);
                compared++;
            }
            catch (EifException)
            {
                // Refused, which the test above counts.
            }
        }

        Assert.InRange(compared, 20, int.MaxValue);
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        byte[] image = [.. seed];
        for (int mutations = random.Next(1, 4); mutations > 0; mutations--)
        {
            // Half of them in the header's used parts and the sections' headers, where the structure is.
            int at = random.Next(3) switch
            {
                0 => random.Next(28),
                1 => random.Next(28, 548),
                _ => random.Next(image.Length),
            };
            switch (random.Next(4))
            {
                case 0:
                    image[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    image[at] = (byte)random.Next(256);
                    break;
                case 2:
                    image = [.. image[..at], .. image[Math.Min(image.Length, at + random.Next(1, 30))..]];
                    break;
                default:
                    image = [.. image[..at], .. image[at..Math.Min(image.Length, at + random.Next(1, 30))], .. image[at..]];
                    break;
            }
        }

        // A right checksum, most of the time, or nothing behind it would ever be reached.
        return image.Length >= 548 && random.Next(4) > 0 ? SampleImage.Checksummed(image) : image;
    }
}
