using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Init.Attestation;
using Init.Eif;
using Init.Parent.Manual;

namespace Init.Parent.Trust;

/// <summary>The options that say which attestation documents are accepted, and the policy made from them.</summary>
internal sealed class PolicyArguments
{
    private const string NoMaximum = "none";

    // 0 image, 1 kernel, 2 application, 3 parent's role, 4 parent's instance, 8 signer, 16 the first that an enclave extends itself.
    private static readonly int[] PcrIndices = [0, 1, 2, 3, 4, 8, 16];

    private readonly Dictionary<int, Option<PcrValue[]>> _pcrs = PcrIndices.ToDictionary(index => index, PcrOption);
    private readonly Option<string[]> _measurements = new("--pcrs")
    {
        Description = "File of an allowed image's measurements, as image build writes it. May be given again.",
        HelpName = Value.File,
    };

    private readonly Option<string[]> _roots = new("--root")
    {
        Description = "File with a root certificate, PEM or DER, to be trusted in place of AWS's. May be given again.",
        HelpName = Value.File,
    };

    private readonly Option<string> _maximumAge = new("--max-age")
    {
        Description = $"Seconds that a document may be old, or {NoMaximum}.",
        HelpName = Value.Seconds,
        DefaultValueFactory = _ => "300",
    };

    private readonly Option<bool> _allowDebug = new("--allow-debug") { Description = "Accept an enclave in debug mode: the parent reads its console. Where no image is named, nothing else is accepted by prove, verify, vk and bench." };
    private readonly Option<bool> _simulator = new("--simulator") { Description = "Accept what QEMU's NSM makes. UNSIGNED: it proves nothing." };

    private IEnumerable<Option> All => [.. _pcrs.Values, _measurements, _maximumAge, _roots, _allowDebug, _simulator];

    public PolicyArguments() => _maximumAge.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && !TryReadAge(result.Tokens[0].Value, out _))
        {
            result.AddError($"--max-age: neither a number of seconds nor {NoMaximum}");
        }
    });

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether any of the options is there.</summary>
    public bool IsGiven(CommandResult result) => All.Any(option => result.GetResult(option) is { Implicit: false });

    /// <summary>Whether an image is named, or its signer; an enclave in debug mode has no measurements that could be.</summary>
    public bool NamesImage(CommandResult result) =>
        Has(result, _measurements)
        || result.GetValue(_allowDebug)
        || AttestationPolicy.SayWhichImage(_pcrs.Keys.Where(index => Has(result, _pcrs[index])));

    /// <summary>Whether it has a value, right or wrong: to ask for one that is wrong would throw.</summary>
    private static bool Has(CommandResult result, Option option) => result.GetResult(option) is { Tokens.Count: > 0 };

    /// <summary>Reads the files that are named.</summary>
    public AttestationPolicy Read(ParseResult parsed)
    {
        TryReadAge(parsed.GetRequiredValue(_maximumAge), out TimeSpan? maximumAge);
        AttestationPolicy policy = new()
        {
            Pcrs = _pcrs.Select(pcr => (Index: pcr.Key, Values: parsed.GetValue(pcr.Value) ?? []))
                .Where(pcr => pcr.Values.Length > 0)
                .ToDictionary(pcr => pcr.Index, pcr => (IReadOnlyList<PcrValue>)pcr.Values),
            Images = [.. (parsed.GetValue(_measurements) ?? []).Select(ReadImage)],
            MaximumAge = maximumAge,
            AllowDebug = parsed.GetValue(_allowDebug),
            AllowUnsigned = parsed.GetValue(_simulator),
        };
        string[] roots = parsed.GetValue(_roots) ?? [];
        return roots.Length == 0 ? policy : policy with { Roots = [.. roots.Select(ReadRoot)] };
    }

    private static MeasuredImage ReadImage(string path) =>
        new(path, EifMeasurements.FromJson(File.ReadAllBytes(path)).Registers.ToDictionary(pcr => pcr.Index, pcr => PcrValue.Parse(pcr.Value)));

    private static AttestationRoot ReadRoot(string path) => AttestationRoot.FromCertificate(path, File.ReadAllBytes(path));

    private static Option<PcrValue[]> PcrOption(int index) => new($"--pcr{index}")
    {
        Description = $"An allowed PCR{index}, 96 hexadecimal digits. Several values: one of them.",
        HelpName = Value.Hex,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = argument => [.. argument.Tokens.Select(token => ReadPcr(argument, index, token.Value)).OfType<PcrValue>()],
    };

    private static PcrValue? ReadPcr(ArgumentResult argument, int index, string hex)
    {
        PcrValue? value = PcrValue.TryParse(hex);
        if (value is null)
        {
            argument.AddError($"--pcr{index}: {Output.Printable(hex)} is not {2 * AttestationLimits.PcrBytes} hexadecimal digits");
        }

        return value;
    }

    private static bool TryReadAge(string text, out TimeSpan? age)
    {
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0;
        age = isNumber ? TimeSpan.FromSeconds(seconds) : null;
        return isNumber || text == NoMaximum;
    }
}
