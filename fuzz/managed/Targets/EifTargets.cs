using System.Buffers.Binary;
using System.Security.Cryptography;
using Init.Eif;
using Init.Eif.Tests;
using Init.Eif.Tests.Ramdisk;

namespace Init.Fuzz.Targets;

/// <summary>Enclave images and their ramdisks.</summary>
internal static class EifTargets
{
    private const int HeaderBytes = 548;
    private const int ChecksumOffset = 544;

    // Buffers of fixed size, the image's own bytes, and the text of a message.
    private const long BuffersBytes = 3_000_000;

    public static IReadOnlyList<ManagedTarget> List { get; } =
    [
        new("eif", bytes => Refusal.Of<EifException>(() => Read(Checksummed(bytes))))
        {
            CheckAccepted = bytes => CheckMeasurements(Checksummed(bytes)),
            MaxBytes = 8192,
            AllocationLimit = _ => BuffersBytes,
            Seeds = ImageSeeds,
        },
        new("ramdisk", bytes => Refusal.Of<EifException>(() => RamdiskReader.List(new MemoryStream(bytes))))
        {
            CheckAccepted = CheckListing,
            AllocationLimit = bytes => BuffersBytes + (8192L * bytes), // an entry may take two bytes, gzipped
            Seeds = RamdiskSeeds,
        },
    ];

    private static void Read(byte[] image)
    {
        EifImage parsed = EifReader.Read(new MemoryStream(image));
        foreach (EifSection section in parsed.Sections.Where(section => section.Type == EifSectionType.Ramdisk))
        {
            RamdiskReader.List(parsed.OpenSection(section));
        }

        parsed.Signature?.Verify(parsed.Measurements.Pcr0, DateTimeOffset.UnixEpoch);
    }

    // A checksum cannot be guessed; one image in 256 keeps what it has.
    private static byte[] Checksummed(byte[] bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[ChecksumOffset] == 0xff)
        {
            return bytes;
        }

        byte[] image = [.. bytes];
        BinaryPrimitives.WriteUInt32BigEndian(image.AsSpan(ChecksumOffset), SampleImage.SlowCrc([.. image[..ChecksumOffset], .. image[HeaderBytes..]]));
        return image;
    }

    private static void CheckMeasurements(byte[] image)
    {
        EifImage parsed = EifReader.Read(new MemoryStream(image));
        using IncrementalHash pcr0 = IncrementalHash.CreateHash(HashAlgorithmName.SHA384);
        foreach (EifSection section in parsed.Sections.Where(s => s.Type is EifSectionType.Kernel or EifSectionType.CommandLine or EifSectionType.Ramdisk))
        {
            pcr0.AppendData(image, (int)section.BodyOffset, (int)section.SizeBytes);
        }

        byte[] extended = SHA384.HashData([.. new byte[48], .. pcr0.GetHashAndReset()]);
        Assert.Equal(Convert.ToHexStringLower(extended), parsed.Measurements.Pcr0);
        Assert.Equal(image.Length, parsed.SizeBytes);
        Assert.Empty(ImageDiff.Compare(parsed, EifReader.Read(new MemoryStream(image))));
    }

    private static void CheckListing(byte[] ramdisk)
    {
        IReadOnlyList<RamdiskEntry> entries = RamdiskReader.List(new MemoryStream(ramdisk));
        Assert.Equal(entries, RamdiskReader.List(new TricklingStream(ramdisk)));
    }

    private static IEnumerable<byte[]> ImageSeeds()
    {
        byte[] kernel = [1, 2, 3, 4];
        yield return SampleImage.Write(kernel);
        yield return SampleImage.Write(kernel, ramdisks: [SampleRamdisk.Archive("a", "b"), SampleImage.SecondRamdisk]);
        yield return SampleSigner.Create(DateTimeOffset.UnixEpoch).Sign(SampleImage.Write(kernel, ramdisks: [SampleImage.FirstRamdisk, SampleImage.SecondRamdisk]));
    }

    private static IEnumerable<byte[]> RamdiskSeeds()
    {
        yield return SampleImage.FirstRamdisk;
        yield return SampleRamdisk.Archive("init", "one");
        yield return SampleRamdisk.Archive("link", "target", 0xa1ff);
        yield return SampleRamdisk.Gzip([.. SampleRamdisk.Archive("a", "1"), .. SampleRamdisk.Archive("b", "2")]);
        yield return [.. SampleRamdisk.Archive("a", ""), 0, 0, 0, 0, .. SampleRamdisk.Gzip(SampleRamdisk.Archive("b", "2"))];
        yield return [.. SampleRamdisk.Lz4(SampleRamdisk.Archive("a", "1")), .. new byte[6], .. SampleRamdisk.Archive("b", "2")];
    }
}
