namespace Init.Configuration;

/// <summary>
/// Compares the kernel's command line with the one that was measured. The hypervisor appends its devices after the measurement; whoever
/// starts the machine could append more: <c>nokaslr</c>, <c>mitigations=off</c>, a variable for the runtime.
/// </summary>
/// <remarks>
/// What an image's builder wrote is in a file of the ramdisk, which PCR0 measures as it does the line itself. An image without the file
/// (nitro-cli makes such) may have the words of AWS's line and of ours, and settings, which PCR16 measures.
/// </remarks>
internal static class MeasuredCommandLine
{
    private const string SettingPrefix = "init.";
    private const string DevicePrefix = "virtio_mmio.device=";
    private const string TscPrefix = "tsc_early_khz=";

    // What QEMU's machine is started with: it has no keyboard controller to reset it (t: a triple fault does), tells the speed of the
    // time stamp counter so that a boot need not measure it, and keeps the kernel from a console that nobody reads. None weakens
    // anything: a hypervisor rules over resets, clocks and consoles in any case.
    private static readonly string[] Machine = ["reboot=t", "tsc=reliable", "quiet", "loglevel=0"];

    // AWS's (nitro-cli's blobs) and ours (src/Eif/KernelCommandLine.cs): none weakens anything.
    private static readonly string[] Known =
    [
        "reboot=k", "panic=30", "panic=-1", "loglevel=0", "pci=off", "nomodules", "console=ttyS0", "i8042.noaux", "i8042.nomux",
        "i8042.nopnp", "i8042.dumbkbd", "random.trust_cpu=on",
    ];

    /// <summary>Refuses a line that is not the measured one, but for the machine's own words.</summary>
    /// <param name="commandLine">What the kernel was started with.</param>
    /// <param name="measured">What the image's builder wrote; null: the image does not say.</param>
    /// <returns>What was compared, for the console.</returns>
    /// <exception cref="SettingsException">A word more, less or elsewhere.</exception>
    public static string Check(string commandLine, string? measured)
    {
        ArgumentNullException.ThrowIfNull(commandLine);
        List<string> words = WithoutTheMachines(commandLine);
        if (measured is null)
        {
            foreach (string word in words)
            {
                if (!IsKnown(word))
                {
                    throw new SettingsException($"{Visible(word)}: the kernel was started with it, and the image does not say so");
                }
            }

            return "known words";
        }

        List<string> expected = WithoutTheMachines(measured);
        for (int i = 0; i < Math.Max(words.Count, expected.Count); i++)
        {
            if (i >= words.Count)
            {
                throw new SettingsException($"{Visible(expected[i])}: was measured, and the kernel was started without it");
            }

            if (i >= expected.Count || words[i] != expected[i])
            {
                throw new SettingsException($"{Visible(words[i])}: the kernel was started with it, and it was not measured");
            }

            if (!IsPlain(words[i]))
            {
                throw new SettingsException($"{Visible(words[i])}: the kernel may find the ends of this word elsewhere");
            }
        }

        return "as measured";
    }

    private static bool IsKnown(string word) =>
        IsPlain(word) && (IsOneOf(Known, word) || word.StartsWith(SettingPrefix, StringComparison.Ordinal));

    // A quotation mark joins words for the kernel that are apart here, so that a word of the machine's would become part of another's value;
    // a byte 0xa0 is a space for it.
    private static bool IsPlain(string word) => !word.AsSpan().ContainsAnyExceptInRange('!', '~') && !word.Contains('"', StringComparison.Ordinal);

    // Spaces as the kernel has them in ASCII: what is a space elsewhere stays in its word, and no word of ours has it.
    private static List<string> WithoutTheMachines(string line)
    {
        List<string> words = [];
        foreach (string word in line.Split([' ', '\t', '\n', '\v', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsTheMachines(word))
            {
                words.Add(word);
            }
        }

        return words;
    }

    private static bool IsOneOf(string[] words, string word)
    {
        foreach (string one in words)
        {
            if (one == word)
            {
                return true;
            }
        }

        return false;
    }

    private static string Visible(string word) => word.Length <= 80 ? word : string.Concat(word.AsSpan(0, 77), "...");

    private static bool IsTheMachines(string word) =>
        IsDevice(word)
        || IsOneOf(Machine, word)
        || (word.StartsWith(TscPrefix, StringComparison.Ordinal) && IsNumber(word[TscPrefix.Length..]));

    // Linux, drivers/virtio/virtio_mmio.c: <size>@<base address>:<irq>[:<id>], and nothing else in the word.
    private static bool IsDevice(string word)
    {
        if (!word.StartsWith(DevicePrefix, StringComparison.Ordinal))
        {
            return false;
        }

        string[] sizeAndPlace = word[DevicePrefix.Length..].Split('@');
        if (sizeAndPlace.Length != 2)
        {
            return false;
        }

        string size = sizeAndPlace[0].TrimEnd('K', 'M');
        string[] place = sizeAndPlace[1].Split(':');
        return sizeAndPlace[0].Length - size.Length <= 1
            && IsNumber(size)
            && place.Length is 2 or 3
            && place[0].StartsWith("0x", StringComparison.Ordinal)
            && place[0].Length is > 2 and <= 18
            && place[0].AsSpan(2).TrimStart("0123456789abcdef").IsEmpty
            && IsNumber(place[1])
            && (place.Length == 2 || IsNumber(place[2]));
    }

    private static bool IsNumber(string text) => text.Length is > 0 and <= 8 && text.AsSpan().TrimStart("0123456789").IsEmpty;
}
