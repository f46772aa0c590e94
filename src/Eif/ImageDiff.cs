using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Init.Eif;

/// <summary>Compares two images, down to each file of their ramdisks. No difference is found if and only if they are the same bytes.</summary>
public static class ImageDiff
{
    /// <summary>How the second image differs from the first.</summary>
    /// <exception cref="EifException">A ramdisk cannot be read.</exception>
    public static IReadOnlyList<ImageDifference> Compare(EifImage before, EifImage after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return
        [
            .. Header(before.Header, after.Header),
            .. Section(before, after, EifSectionType.Kernel, 0),
            .. CommandLine(before.CommandLine, after.CommandLine),
            .. Metadata(before, after),
            .. Ramdisks(before, after),
            .. Signature(before, after),
            .. Registers(before.Measurements, after.Measurements),
        ];
    }

    private static IEnumerable<ImageDifference> Header(EifHeader before, EifHeader after) =>
    [
        .. Change("header", "", "architecture", before.IsArm64 ? "arm64" : "x86-64", after.IsArm64 ? "arm64" : "x86-64"),
        .. Change("header", "", "default memory", Text(before.DefaultMemoryBytes), Text(after.DefaultMemoryBytes)),
        .. Change("header", "", "default processors", Text(before.DefaultCpus), Text(after.DefaultCpus)),
    ];

    private static IEnumerable<ImageDifference> CommandLine(string before, string after)
    {
        string[] old = before.Split(' '), now = after.Split(' ');
        List<ImageDifference> differences =
        [
            .. Less(old, now).Select(word => new ImageDifference("command line", word, "presence", word, null)),
            .. Less(now, old).Select(word => new ImageDifference("command line", word, "presence", null, word)),
        ];
        return differences.Count > 0 || before == after ? differences : Change("command line", "", "order of words", before, after);
    }

    private static IEnumerable<ImageDifference> Metadata(EifImage before, EifImage after)
    {
        return Change("metadata", "", "content", TextOf(before), TextOf(after));

        // A character a byte, so that texts are the same when the bytes are.
        static string? TextOf(EifImage image) => image.Metadata is { } json ? Encoding.Latin1.GetString(json.Span) : null;
    }

    private static IEnumerable<ImageDifference> Ramdisks(EifImage before, EifImage after)
    {
        int count = Math.Max(CountOf(before), CountOf(after));
        return Enumerable.Range(0, count).SelectMany(index => Ramdisk(before, after, index));

        static int CountOf(EifImage image) => image.Sections.Count(s => s.Type == EifSectionType.Ramdisk);
    }

    private static List<ImageDifference> Ramdisk(EifImage before, EifImage after, int index)
    {
        List<ImageDifference> whole = [.. Section(before, after, EifSectionType.Ramdisk, index)];
        if (whole.Count == 0 || whole[0].Aspect == "presence")
        {
            return whole;
        }

        Dictionary<(string Path, int Time), RamdiskEntry> old = Files(before, index), now = Files(after, index);
        List<ImageDifference> files =
        [
            .. old.Keys.Union(now.Keys).OrderBy(key => key.Path, StringComparer.Ordinal).ThenBy(key => key.Time)
                .SelectMany(key => File(whole[0].Part, Name(key), old.GetValueOrDefault(key), now.GetValueOrDefault(key))),
        ];

        // The same files in other bytes: their order, times, owners, links, or how they are compressed.
        return files.Count > 0 ? files : whole;

        static string Name((string Path, int Time) key) => key.Time == 1 ? $"/{key.Path}" : $"/{key.Path} ({key.Time})";
    }

    /// <summary>Entries by path and how often it came before: the kernel unpacks them in turn.</summary>
    private static Dictionary<(string Path, int Time), RamdiskEntry> Files(EifImage image, int index)
    {
        Dictionary<string, int> times = [];
        Dictionary<(string, int), RamdiskEntry> files = [];
        foreach (RamdiskEntry entry in RamdiskReader.List(image.OpenSection(Find(image, EifSectionType.Ramdisk, index)!)))
        {
            int time = times[entry.Path] = times.GetValueOrDefault(entry.Path) + 1;
            files.Add((entry.Path, time), entry);
        }

        return files;
    }

    private static IEnumerable<ImageDifference> File(string part, string path, RamdiskEntry? before, RamdiskEntry? after)
    {
        if (before is null || after is null)
        {
            return [new ImageDifference(part, path, "presence", Describe(before), Describe(after))];
        }

        return
        [
            .. Change(part, path, "type", before.ModeText[..1], after.ModeText[..1]),
            .. Change(part, path, "mode", Octal(before), Octal(after)),
            .. Change(part, path, "content", Content(before), Content(after)),
            .. Change(part, path, "device", Device(before), Device(after)),
            .. Change(part, path, "archive", Archive(before), Archive(after)),
        ];

        static string? Describe(RamdiskEntry? entry) =>
            entry is null ? null : string.Join(", ", new[] { entry.ModeText, Content(entry), Device(entry) }.Where(t => t is not null));
        static string Octal(RamdiskEntry entry) => Convert.ToString(entry.Mode & ~Cpio.TypeMask, toBase: 8);
        static string? Content(RamdiskEntry entry) => entry.Sha384 is null ? null : $"{entry.SizeBytes} bytes, SHA-384 {entry.Sha384}";
        static string? Device(RamdiskEntry entry) => entry.IsNode ? $"{entry.DeviceMajor}, {entry.DeviceMinor}" : null;
        static string Archive(RamdiskEntry entry) => entry.ArchiveText;
    }

    private static List<ImageDifference> Signature(EifImage before, EifImage after)
    {
        List<ImageDifference> whole = [.. Section(before, after, EifSectionType.Signature, 0)];
        if (before.Signature is not { } old || after.Signature is not { } now)
        {
            return whole;
        }

        List<ImageDifference> certificate = [.. Change("signature", "", "certificate", Digest(old), Digest(now))];
        return certificate.Count > 0 ? certificate : whole;

        static string Digest(EifSignature signature) => $"SHA-384 {Convert.ToHexStringLower(SHA384.HashData(signature.Certificate.Span))}";
    }

    private static IEnumerable<ImageDifference> Registers(EifMeasurements before, EifMeasurements after)
    {
        Dictionary<int, string> old = before.Registers.ToDictionary(r => r.Index, r => r.Value);
        Dictionary<int, string> now = after.Registers.ToDictionary(r => r.Index, r => r.Value);
        return old.Keys.Union(now.Keys).Order()
            .SelectMany(index => Change($"PCR{index}", "", "value", old.GetValueOrDefault(index), now.GetValueOrDefault(index)));
    }

    /// <summary>A section's size and digest.</summary>
    private static IEnumerable<ImageDifference> Section(EifImage before, EifImage after, EifSectionType type, int index)
    {
        string part = type == EifSectionType.Ramdisk ? $"ramdisk {index}" : EifFormat.Name(type);
        string? old = Content(before), now = Content(after);
        return Change(part, "", old is null || now is null ? "presence" : "content", old, now);

        string? Content(EifImage image)
        {
            if (Find(image, type, index) is not { } section)
            {
                return null;
            }

            using Stream body = image.OpenSection(section);
            return $"{section.SizeBytes} bytes, SHA-384 {Convert.ToHexStringLower(SHA384.HashData(body))}";
        }
    }

    private static EifSection? Find(EifImage image, EifSectionType type, int index) =>
        image.Sections.Where(s => s.Type == type).ElementAtOrDefault(index);

    private static IEnumerable<ImageDifference> Change(string part, string subject, string aspect, string? before, string? after) =>
        before == after ? [] : [new ImageDifference(part, subject, aspect, before, after)];

    /// <summary>What the first has more of than the second, each as often as that.</summary>
    private static List<string> Less(string[] words, string[] without)
    {
        List<string> left = [.. words];
        foreach (string word in without)
        {
            left.Remove(word);
        }

        return left;
    }

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
