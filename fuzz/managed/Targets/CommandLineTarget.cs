using System.Text;
using System.Text.RegularExpressions;
using Init.Configuration;

namespace Init.Fuzz.Targets;

/// <summary>The kernel's command line against the one that was measured. Input: the started line; behind a zero byte, if there is one, the measured.</summary>
/// <remarks>
/// Oracle: the words as the kernel takes them (lib/cmdline.c, next_arg: quotation marks join, and 0xa0 is a space), compared as sets of rules
/// would. What is accepted are the measured words, in their order, and words of the machine's between them; where all of it is plain ASCII
/// without quotation marks, every such line is accepted.
/// </remarks>
internal static partial class CommandLineTarget
{
    public static IReadOnlyList<ManagedTarget> List { get; } =
    [
        new("commandline", bytes => Refusal.Of<SettingsException>(() => Check(bytes)))
        {
            CheckAccepted = bytes => Assert.True(IsRight(bytes), "the kernel reads other words than were measured"),
            MaxBytes = 2048, // x86's COMMAND_LINE_SIZE
            AllocationLimit = bytes => (256 * 1024) + (4096L * bytes), // arrays and strings for each word, the oracle's too
            Seeds = Seeds,
        },
    ];

    // Thrown, since it is asked whatever the answer was: a right line that is refused would keep an enclave from booting.
    private static void Check(byte[] bytes)
    {
        (string started, string? measured) = Lines(bytes);
        bool isAccepted = Refusal.Of<SettingsException>(() => MeasuredCommandLine.Check(started, measured));
        Assert.True(isAccepted || !IsPlain(bytes) || !IsRight(bytes), "a right line is refused");
        if (!isAccepted)
        {
            MeasuredCommandLine.Check(started, measured);
        }
    }

    private static bool IsRight(byte[] bytes)
    {
        int zero = Array.IndexOf(bytes, (byte)0);
        string[] started = WithoutTheMachines(zero < 0 ? bytes : bytes[..zero]);
        return zero < 0 ? started.All(word => OfAnImageThatDoesNotSay().IsMatch(word)) : started.SequenceEqual(WithoutTheMachines(bytes[(zero + 1)..]));
    }

    // The enclave reads text: what is no UTF-8 becomes a character that no word has.
    private static (string Started, string? Measured) Lines(byte[] bytes)
    {
        int zero = Array.IndexOf(bytes, (byte)0);
        return zero < 0 ? (Encoding.UTF8.GetString(bytes), null) : (Encoding.UTF8.GetString(bytes[..zero]), Encoding.UTF8.GetString(bytes[(zero + 1)..]));
    }

    private static bool IsPlain(byte[] bytes) => !bytes.Any(value => value is > 0x7e or (byte)'"' or (< 0x20 and not (0 or (byte)'\n' or (byte)'\t')));

    private static string[] WithoutTheMachines(byte[] line) => [.. KernelWords(line).Where(word => !OfTheMachine().IsMatch(word))];

    private static IEnumerable<string> KernelWords(byte[] line)
    {
        StringBuilder word = new();
        bool isQuoted = false;
        foreach (char character in Encoding.Latin1.GetString(line))
        {
            isQuoted ^= character == '"';
            if (isQuoted || !(character is ' ' or '\u00a0' or (>= '\t' and <= '\r')))
            {
                word.Append(character);
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }

    private static IEnumerable<byte[]> Seeds()
    {
        const string Devices = "virtio_mmio.device=4K@0xd0000000:5 virtio_mmio.device=512@0xfeb00e00:12:0";
        string[] seeds =
        [
            $"reboot=k panic=-1 {Devices}",
            $"{Eif.KernelCommandLine.Default} init.port=6000\n",
            $"reboot=k init.port=6000 tsc_early_khz=2500000 tsc=reliable reboot=t quiet loglevel=0 {Devices}\0reboot=k init.port=6000\n",
            $"a=\"b c\" {Devices}\0a=\"b c\"",
            "a=\"b quiet c\"\0a=\"b c\"",
            "nokaslr\0",
            "nokaslr quiet",
            "init.port=6000 virtio_mmio.device=4KM@0xd0000000:5\0init.port=6000",
            "reboot=k\0reboot=k console=ttyS0",
        ];
        return seeds.Select(Encoding.UTF8.GetBytes).Append([.. "init.port=6000"u8, 0xa0, .. "nokaslr"u8]);
    }

    // Written by the rules of docs/boot.md, not by the code.
    [GeneratedRegex(@"\A(virtio_mmio\.device=\d{1,8}[KM]?@0x[0-9a-f]{1,16}:\d{1,8}(:\d{1,8})?|reboot=t|tsc=reliable|quiet|loglevel=0|tsc_early_khz=\d{1,8})\z", RegexOptions.ECMAScript)]
    private static partial Regex OfTheMachine();

    [GeneratedRegex(@"\A(init\.[^\x22]*|reboot=k|panic=30|panic=-1|loglevel=0|pci=off|nomodules|console=ttyS0|i8042\.(noaux|nomux|nopnp|dumbkbd)|random\.trust_cpu=on)\z", RegexOptions.ECMAScript)]
    private static partial Regex OfAnImageThatDoesNotSay();
}
