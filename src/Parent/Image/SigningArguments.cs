using System.CommandLine;
using Init.Eif;
using Init.Parent.Manual;

namespace Init.Parent.Image;

/// <summary>The key and the certificate that sign an image, and how the signed image replaces a file.</summary>
internal sealed class SigningArguments(bool required)
{
    private readonly Option<string?> _key = new("--signing-key")
    {
        Description = "Signs with this P-384 private key (PEM: EC PRIVATE KEY or PRIVATE KEY).",
        HelpName = Value.File,
        Required = required,
    };

    private readonly Option<string?> _certificate = new("--signing-certificate")
    {
        Description = "The key's certificate (PEM, X.509); PCR8 measures it.",
        HelpName = Value.File,
        Required = required,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_key);
        command.Options.Add(_certificate);
    }

    /// <summary>What signs; null where nobody asked for it.</summary>
    public ImageSigner? Create(ParseResult parsed) => (parsed.GetValue(_key), parsed.GetValue(_certificate)) switch
    {
        (null, null) => null,
        ({ } key, { } certificate) => ImageSigner.Create(File.ReadAllText(key), File.ReadAllText(certificate), TimeProvider.System.GetUtcNow()),
        _ => throw new EifException(EifError.InvalidInput, "sign image: --signing-key and --signing-certificate go together"),
    };
}
