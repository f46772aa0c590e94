using System.Security.Cryptography;
using Init.Eif;

namespace Init.Parent.Image;

/// <summary>A file of the image, or its kernel, and what is known of its parts.</summary>
/// <param name="Name">Its path in the image, or <c>kernel</c>.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Sha384">Its digest.</param>
/// <param name="Entry">How it stands in its ramdisk; null for the kernel.</param>
/// <param name="Parts">What it consists of; null where nobody said.</param>
internal sealed record ImagePart(string Name, long SizeBytes, string Sha384, RamdiskEntry? Entry, ComponentFile? Parts);

/// <summary>What is in an image, down to the packages in its files. Read from the image itself: what is said of it is true of it.</summary>
internal sealed class ImageContents
{
    private ImageContents(EifImage image, string sha384, ImagePart kernel, IReadOnlyList<ImagePart> files)
    {
        Image = image;
        Sha384 = sha384;
        Kernel = kernel;
        Files = files;
    }

    public EifImage Image { get; }

    /// <summary>The digest of the whole file.</summary>
    public string Sha384 { get; }

    public ImagePart Kernel { get; }

    /// <summary>Every entry of the ramdisks, folders and nodes included.</summary>
    public IReadOnlyList<ImagePart> Files { get; }

    /// <summary>What has bytes: the kernel, and the files.</summary>
    public IEnumerable<ImagePart> Parts => [Kernel, .. Files.Where(f => f.Sha384.Length > 0)];

    /// <summary>Reads an image, and takes the descriptions for the files that they are of.</summary>
    /// <exception cref="EifException">A description is of no file of the image, or a ramdisk cannot be read.</exception>
    public static ImageContents Read(EifImage image, Stream file, IReadOnlyList<string> componentPaths)
    {
        List<(string Path, ComponentFile File)> descriptions = [.. componentPaths.Select(path => (path, ComponentFile.Read(path)))];
        file.Position = 0;
        string sha384 = Convert.ToHexStringLower(SHA384.HashData(file));
        EifSection kernel = image.Sections.First(s => s.Type == EifSectionType.Kernel);
        using Stream kernelBody = image.OpenSection(kernel);
        string kernelSha384 = Convert.ToHexStringLower(SHA384.HashData(kernelBody));
        List<ImagePart> files =
        [
            .. image.Sections.Where(s => s.Type == EifSectionType.Ramdisk)
                .SelectMany(section => RamdiskReader.List(image.OpenSection(section)))
                .Select(e => new ImagePart($"/{e.Path}", e.SizeBytes, e.Sha384 ?? "", e, PartsOf(e.Sha384))),
        ];
        ImageContents contents = new(image, sha384, new ImagePart("kernel", kernel.SizeBytes, kernelSha384, null, PartsOf(kernelSha384)), files);
        foreach ((string path, ComponentFile description) in descriptions)
        {
            if (!contents.Parts.Any(part => part.Sha384 == description.Sha384))
            {
                throw new EifException(
                    EifError.InvalidInput, $"read components {Path.GetFileName(path)}: they are of a file that is not in the image: {description.Sha384}");
            }
        }

        return contents;

        ComponentFile? PartsOf(string? digest) => descriptions.Find(d => d.File.Sha384 == digest).File;
    }
}
