using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Init.Eif;
using Init.Parent.Manual;

namespace Init.Parent.Image;

/// <summary><c>enclave image build</c>: an enclave image from a kernel, a program and the reference string.</summary>
internal static class BuildCommand
{
    private static readonly Option<string> Kernel = new("--kernel") { Description = "The kernel, a bzImage.", HelpName = Value.File, Required = true };

    private static readonly Option<string> Init = new("--init") { Description = "The program that is PID 1.", HelpName = Value.File, Required = true };

    private static readonly Option<string?> Crs = new("--crs") { Description = "Folder with bn254_g1.dat and bn254_g2.dat, for /crs.", HelpName = Value.Folder };

    private static readonly Option<string> CommandLine = new("--cmdline")
    {
        Description = "The kernel's command line.",
        HelpName = Value.Text,
        DefaultValueFactory = _ => KernelCommandLine.Default,
    };

    private static readonly Option<string[]> ExtraFiles = new("--file")
    {
        Description = "HOST=GUEST: one more file. May be repeated.",
        HelpName = "HOST=GUEST",
    };

    private static readonly Option<bool> CompressCrs = new("--compress-crs")
    {
        Description = "Compress the reference string too: no smaller, and slower to boot.",
    };

    private static readonly Choice<RamdiskCompression> Compression = new("--ramdisk", RamdiskCompression.Auto)
    {
        Description = "How the ramdisk is compressed. lz4 boots quicker and is larger; a kernel without CONFIG_RD_LZ4 cannot unpack it. "
            + "auto: lz4 when a description of the kernel (--components) says that it can, else gzip.",
    };

    private static readonly Option<bool> UnpinnedCrs = new("--unpinned-crs")
    {
        Description = "Do not add the reference string's digests to the command line.",
    };

    private static readonly Option<string> ImageName = new("--name")
    {
        Description = "The image's name, in its metadata.",
        HelpName = Value.Text,
        DefaultValueFactory = _ => "init",
    };

    private static readonly Option<string> ImageVersion = new("--image-version")
    {
        Description = "The image's version, in its metadata.",
        HelpName = Value.Text,
        DefaultValueFactory = _ => "1.0.0",
    };

    private static readonly Option<string> ImagePath = new("--output", "-o") { Description = "The image to write.", HelpName = Value.File, Required = true };

    private static readonly Option<string?> PcrsPath = new("--pcrs")
    {
        Description = "Where to write the measurements, as nitro-cli prints them.",
        HelpName = Value.File,
    };

    private static readonly Option<string[]> Components = new("--components")
    {
        Description = "What the kernel or a file consists of, as the builds write it (NAME.components.json). May be repeated.",
        HelpName = Value.File,
    };

    private static readonly Option<string?> ManifestPath = new("--manifest")
    {
        Description = "Where to write everything about the image: files, packages, options, measurements.",
        HelpName = Value.File,
    };

    private static readonly Option<string?> SbomPath = new("--sbom")
    {
        Description = "Where to write the bill of materials (CycloneDX 1.6).",
        HelpName = Value.File,
    };

    private static readonly SigningArguments Signing = new(required: false);

    private static readonly JsonOption Json = new();

    /// <summary>The version of this program.</summary>
    public static string ToolVersion { get; } = typeof(BuildCommand).Assembly.GetName().Version!.ToString(fieldCount: 3);

    public static Command Create()
    {
        ToolCommand command = new("build", "Writes an enclave image; the same inputs give the same bytes.")
        {
            Examples =
            [
                new("enclave image build --kernel bzImage --init init --crs ~/.bb-crs -o init.eif --pcrs pcrs.json", "an image and its measurements"),
                new("enclave image build --kernel bzImage --init init -o init.eif --signing-key key.pem --signing-certificate certificate.pem", "a signed image, without a reference string"),
            ],
        };
        foreach (Option option in (Option[])
            [Kernel, Init, Crs, CommandLine, ExtraFiles, Compression, CompressCrs, UnpinnedCrs, ImageName, ImageVersion, ImagePath, PcrsPath, Components, ManifestPath, SbomPath, Json])
        {
            command.Options.Add(option);
        }

        Signing.AddTo(command);
        command.SetAction(Output.Blocking(Build));
        return command;
    }

    private static int Build(ParseResult parsed)
    {
        string commandLine = CommandLineOf(parsed);
        Initramfs ramdisk = ImageLayout.Create(
            parsed.GetRequiredValue(Init),
            commandLine,
            parsed.GetValue(Crs),
            (parsed.GetValue(ExtraFiles) ?? []).Select(SplitFile),
            parsed.GetValue(CompressCrs),
            CompressionOf(parsed));
        string path = parsed.GetRequiredValue(ImagePath);
        Write(parsed, commandLine, ramdisk, path);

        using FileStream stream = File.OpenRead(path);
        EifImage image = EifReader.Read(stream);
        if (parsed.GetValue(PcrsPath) is { } pcrs)
        {
            UnfinishedFile.Write(pcrs, ImageReport.MeasurementsJson(image));
        }

        Describe(parsed, image, stream);
        if (parsed.GetValue(Json))
        {
            Console.Out.Write(ImageReport.Json(image, withFiles: false));
        }
        else
        {
            ImageReport.PrintSections(path, image);
            Console.Out.Write(ImageReport.MeasurementsJson(image));
        }

        return Output.Success;
    }

    private static void Write(ParseResult parsed, string commandLine, Initramfs ramdisk, string path)
    {
        using FileStream kernel = File.OpenRead(parsed.GetRequiredValue(Kernel));
        EifMetadata metadata = new()
        {
            ImageName = parsed.GetRequiredValue(ImageName),
            ImageVersion = parsed.GetRequiredValue(ImageVersion),
            BuildTool = "enclave",
            BuildToolVersion = ToolVersion,
            KernelVersion = KernelImage.ReadVersion(kernel),
            BuildTime = BuildTime(),
        };
        EifContents contents = new()
        {
            Kernel = target =>
            {
                kernel.Position = 0;
                kernel.CopyTo(target);
            },
            CommandLine = commandLine,
            Metadata = metadata.ToJson(),
            Ramdisks = [ramdisk.WriteTo],
        };
        using ImageSigner? signer = Signing.Create(parsed);
        UnfinishedFile.Write(path, target =>
        {
            if (signer is null)
            {
                EifWriter.Write(target, contents);
            }
            else
            {
                WriteSigned(target, contents, signer);
            }
        });
    }

    private static void WriteSigned(FileStream target, EifContents contents, ImageSigner signer) =>
        UnfinishedFile.WithTemporary(target.Name + ".unsigned", image =>
        {
            EifWriter.Write(image, contents);
            signer.Sign(EifReader.Read(image), target);
        });

    private static void Describe(ParseResult parsed, EifImage image, FileStream stream)
    {
        ImageContents contents = ImageContents.Read(image, stream, parsed.GetValue(Components) ?? []);
        if (parsed.GetValue(ManifestPath) is { } manifest)
        {
            UnfinishedFile.Write(manifest, ImageManifest.ToJson(contents));
        }

        if (parsed.GetValue(SbomPath) is { } sbom)
        {
            UnfinishedFile.Write(sbom, Sbom.ToJson(contents, parsed.GetRequiredValue(ImageName), parsed.GetRequiredValue(ImageVersion)));
        }
    }

    private static RamdiskArchive CompressionOf(ParseResult parsed)
    {
        using FileStream kernel = File.OpenRead(parsed.GetRequiredValue(Kernel));
        return KernelDescription.Compression(
            Compression.Of(parsed), Convert.ToHexStringLower(SHA384.HashData(kernel)), (parsed.GetValue(Components) ?? []).Select(ComponentFile.Read));
    }

    private static string CommandLineOf(ParseResult parsed)
    {
        string commandLine = parsed.GetRequiredValue(CommandLine);
        return parsed.GetValue(Crs) is { } folder && !parsed.GetValue(UnpinnedCrs) ? CrsPins.Add(commandLine, folder) : commandLine;
    }

    /// <summary>SOURCE_DATE_EPOCH (reproducible-builds.org), or the epoch: never the clock.</summary>
    private static DateTimeOffset BuildTime()
    {
        string? seconds = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH");
        if (string.IsNullOrEmpty(seconds))
        {
            return DateTimeOffset.UnixEpoch;
        }

        bool isTime = long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            && value <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        return isTime
            ? DateTimeOffset.FromUnixTimeSeconds(value)
            : throw new EifException(EifError.InvalidInput, "read SOURCE_DATE_EPOCH: not a number of seconds");
    }

    private static (string Host, string Guest) SplitFile(string file)
    {
        int separator = file.LastIndexOf('=');
        return separator > 0
            ? (file[..separator], file[(separator + 1)..])
            : throw new EifException(EifError.InvalidInput, $"read --file {file}: expected HOST=GUEST");
    }
}
