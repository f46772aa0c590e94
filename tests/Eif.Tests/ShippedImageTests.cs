using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Init.Testing;

namespace Init.Eif.Tests;

/// <summary>What <c>make image</c> has left.</summary>
public sealed class ShippedImageTests
{
    private static string Folder => Path.Combine(Places.Root, "out/image");

    [ImageFact]
    public void Its_bill_of_materials_satisfies_the_schema_of_CycloneDX()
    {
        ProcessStartInfo start = new("node", ["validate.mjs", Path.Combine(Folder, "sbom.json")])
        {
            WorkingDirectory = ImageFactAttribute.Validator,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal((0, ""), (process.ExitCode, output));
    }

    [ImageFact]
    public void Its_manifest_names_what_is_linked_into_the_program_and_the_kernels_source()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "manifest.json")));
        JsonElement manifest = document.RootElement;
        byte[] image = File.ReadAllBytes(Path.Combine(Folder, "init.eif"));
        Assert.Equal(Convert.ToHexStringLower(SHA384.HashData(image)), manifest.GetProperty("Sha384").GetString());
        JsonElement init = manifest.GetProperty("Files").EnumerateArray().Single(f => f.GetProperty("Path").GetString() == "/init");
        Assert.Equal(
            ["libc6-dev", "libgcc-12-dev", "libsimde-dev", "libssl-dev", "@aztec/bb.js", "wabt", "Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64"],
            Names(init));
        Assert.Equal(["linux-source-6.12"], Names(manifest.GetProperty("Kernel")));
        JsonElement options = manifest.GetProperty("Kernel").GetProperty("Options");
        Assert.Equal("y", options.GetProperty("CONFIG_NSM").GetString());
        Assert.False(options.TryGetProperty("CONFIG_MODULES", out _));
    }

    private static IEnumerable<string> Names(JsonElement part) =>
        part.GetProperty("Components").EnumerateArray().Select(c => c.GetProperty("Name").GetString()!);
}

/// <summary>A fact about what <c>make image</c> has left, skipped where nobody has made it, or the schema is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ImageFactAttribute : FactAttribute
{
    public ImageFactAttribute()
    {
        if (!File.Exists(Path.Combine(Places.Root, "out/image/sbom.json")))
        {
            Skip = "skipped: no out/image, make image makes it";
        }
        else if (!Directory.Exists(Path.Combine(Validator, "node_modules")))
        {
            Skip = "skipped: no schema, make interop gets it";
        }
    }

    public static string Validator => Path.Combine(Places.Root, "tests/Eif.Tests/cyclonedx");
}
