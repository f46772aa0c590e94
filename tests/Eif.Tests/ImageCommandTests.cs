using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Init.Eif.Tests.Ramdisk;
using Init.Testing;

namespace Init.Eif.Tests;

/// <summary><c>enclave image</c>, the published command, from outside.</summary>
public sealed class ImageCommandTests
{
    [EnclaveFact]
    public void An_image_that_was_built_is_described_measured_and_verified()
    {
        string folder = Inputs();
        Assert.Equal(0, Build(folder, "a.eif").Code);
        string pcrs = File.ReadAllText(Path.Combine(folder, "a.eif.json"));
        Assert.Equal(pcrs, Run(folder, "image", "measure", "a.eif", "--json").Output);

        using JsonDocument description = JsonDocument.Parse(Run(folder, "image", "describe", "a.eif", "--json").Output);
        JsonElement root = description.RootElement;
        Assert.StartsWith(KernelCommandLine.Default + " init.", root.GetProperty("CommandLine").GetString(), StringComparison.Ordinal);
        Assert.Equal("6.12.1", root.GetProperty("Metadata").GetProperty("BuildMetadata").GetProperty("KernelVersion").GetString());
        Assert.Equal(new FileInfo(Path.Combine(folder, "a.eif")).Length, root.GetProperty("SizeBytes").GetInt64());
        Assert.Equal(1, root.GetProperty("MinMemoryMiB").GetInt64());
        Assert.Equal(
            [
                "-r--r--r-- /cmdline", "drwxr-xr-x /dev", "crw------- /dev/console", "drwxr-xr-x /etc", "-r--r--r-- /etc/extra", "-rwxr-xr-x /init",
                "drwxr-xr-x /proc", "drwxr-xr-x /sys", "drwxr-xr-x /crs", "-r--r--r-- /crs/bn254_g1.dat", "-r--r--r-- /crs/bn254_g2.dat",
            ],
            Files(root).Select(f => $"{f.GetProperty("Mode").GetString()} {f.GetProperty("Path").GetString()}"));
        Assert.All(Files(root), f => Assert.NotEqual(IsCrs(f), f.GetProperty("IsCompressed").GetBoolean()));

        (int code, string output, string error) = Run(folder, "image", "verify", "a.eif", "--pcrs", "a.eif.json");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("whole\n", output, StringComparison.Ordinal);
    }

    [EnclaveFact]
    public void The_same_inputs_on_other_paths_and_another_day_give_the_same_bytes()
    {
        string[] names = ["a.eif", "a.eif.json", "manifest.json", "sbom.json"];
        byte[][][] builds = [.. new[] { "one", "two" }.Select((name, index) =>
        {
            string folder = Inputs(name);
            foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            {
                File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddDays(1000 * (index + 1)));
            }

            string[] arguments = [.. BuildArguments("a.eif"), .. DescriptionArguments(folder)];
            Assert.Equal(0, Start(EnclaveFactAttribute.Binary, folder, arguments).Code);
            byte[][] files = [.. names.Select(file => File.ReadAllBytes(Path.Combine(folder, file)))];
            Assert.All(files, file => Assert.DoesNotContain(folder, Encoding.UTF8.GetString(file), StringComparison.Ordinal));
            return files;
        })];
        Assert.Equal(builds[0], builds[1]);
    }

    [EnclaveFact]
    public void A_byte_of_anything_measured_changes_PCR0_and_1()
    {
        string folder = Inputs();
        Build(folder, "before.eif");
        EifMeasurements before = Measure("before.eif");
        foreach (string input in new[] { "kernel", "program", "extra", "crs/bn254_g1.dat", "crs/bn254_g2.dat" })
        {
            string path = Path.Combine(folder, input);
            byte[] bytes = File.ReadAllBytes(path), changed = [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];
            File.WriteAllBytes(path, changed);
            Changed(BuildArguments("after.eif"));
            File.WriteAllBytes(path, bytes);
        }

        Changed([.. BuildArguments("after.eif"), "--cmdline", KernelCommandLine.Default + "x"]);
        Build(folder, "after.eif");
        Assert.Equal(before, Measure("after.eif"));

        void Changed(string[] arguments)
        {
            Assert.Equal(0, Start(EnclaveFactAttribute.Binary, folder, arguments).Code);
            Assert.Equal([0, 1], Measure("after.eif").DifferencesFrom(before));
        }

        EifMeasurements Measure(string name)
        {
            using FileStream image = File.OpenRead(Path.Combine(folder, name));
            return EifReader.Read(image).Measurements;
        }
    }

    [EnclaveFact]
    public void The_manifest_says_everything_and_what_nobody_knows()
    {
        string folder = Inputs();
        string[] arguments = [.. BuildArguments("a.eif"), .. DescriptionArguments(folder)];
        Assert.Equal(0, Start(EnclaveFactAttribute.Binary, folder, arguments).Code);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json")));
        JsonElement manifest = document.RootElement;
        string digest = Convert.ToHexStringLower(SHA384.HashData(File.ReadAllBytes(Path.Combine(folder, "a.eif"))));
        Assert.Equal(digest, manifest.GetProperty("Sha384").GetString());
        JsonElement kernel = manifest.GetProperty("Kernel");
        Assert.Equal("y", kernel.GetProperty("Options").GetProperty("CONFIG_X").GetString());
        Assert.Equal("gcc 1", kernel.GetProperty("Tools").GetProperty("gcc").GetString());
        JsonElement source = Assert.Single(kernel.GetProperty("Components").EnumerateArray());
        Assert.Equal("pkg:deb/debian/linux@1", source.GetProperty("Purl").GetString());
        Assert.Equal("nobody said", source.GetProperty("LicenceUnknown").GetString());
        Assert.Equal(JsonValueKind.Null, source.GetProperty("Licence").ValueKind);

        Dictionary<string, JsonElement> files = manifest.GetProperty("Files").EnumerateArray().ToDictionary(f => f.GetProperty("Path").GetString()!);
        Assert.Equal(11, files.Count);
        string measured = manifest.GetProperty("CommandLine").GetString()!;
        Assert.Equal(Convert.ToHexStringLower(SHA384.HashData(Encoding.ASCII.GetBytes(measured))), files["/cmdline"].GetProperty("Sha384").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA384.HashData("more"u8)), files["/etc/extra"].GetProperty("Sha384").GetString());
        Assert.Equal(4, files["/etc/extra"].GetProperty("SizeBytes").GetInt32());
        Assert.Equal("-rwxr-xr-x", files["/init"].GetProperty("Mode").GetString());
        Assert.Equal(JsonValueKind.Null, files["/init"].GetProperty("Components").ValueKind);
    }

    [EnclaveFact]
    public void The_bill_of_materials_lists_files_and_packages_and_what_is_unknown()
    {
        string folder = Inputs();
        string[] arguments = [.. BuildArguments("a.eif"), .. DescriptionArguments(folder)];
        Assert.Equal(0, Start(EnclaveFactAttribute.Binary, folder, arguments).Code);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "sbom.json")));
        JsonElement sbom = document.RootElement;
        string[] references = [.. sbom.GetProperty("components").EnumerateArray().Select(c => c.GetProperty("bom-ref").GetString()!)];
        Assert.Equal(
            ["kernel", "file:/cmdline", "file:/etc/extra", "file:/init", "file:/crs/bn254_g1.dat", "file:/crs/bn254_g2.dat", "pkg:deb/debian/linux@1"], references);
        Dictionary<string, string[]> compositions = sbom.GetProperty("compositions").EnumerateArray().ToDictionary(
            c => c.GetProperty("aggregate").GetString()!, c => c.GetProperty("dependencies").EnumerateArray().Select(d => d.GetString()!).ToArray());
        Assert.Equal(["image"], compositions["complete"]);
        Assert.Equal(["kernel"], compositions["incomplete"]);
        Assert.Equal(references[1..6], compositions["unknown"]);
    }

    [EnclaveFact]
    public void A_description_of_another_file_is_refused_in_one_line()
    {
        string folder = Inputs();
        string[] description = DescriptionArguments(folder);
        File.AppendAllText(Path.Combine(folder, "kernel"), "x");
        Refused("they are of a file that is not in the image: [0-9a-f]{96}");
        File.WriteAllText(Path.Combine(folder, "kernel.components.json"), """{"format":"init-components-2"}""");
        Refused("its format is not init-components-1");
        File.WriteAllText(Path.Combine(folder, "kernel.components.json"), """{"format":"init-components-1","artifact":{"sha384":1}}""");
        Refused("it does not have the fields that it must");
        File.WriteAllText(Path.Combine(folder, "kernel.components.json"), "[");
        Refused("it does not have the fields that it must");

        void Refused(string cause)
        {
            (int code, _, string error) = Start(EnclaveFactAttribute.Binary, folder, [.. BuildArguments("a.eif"), .. description]);
            Assert.Equal(1, code);
            Assert.Matches($"^enclave: error: read components kernel.components.json: {cause}\n$", error);
        }
    }

    [EnclaveFact]
    public void The_processor_makes_no_difference_to_the_bytes()
    {
        // zlib chooses its code by the processor, and LZ4 need not: one without AVX stands for all others.
        string folder = Inputs();
        File.Copy("/bin/bash", Path.Combine(folder, "program"), overwrite: true);
        foreach (string compression in new[] { "gzip", "lz4" })
        {
            string[] here = [.. BuildArguments("here.eif"), "--ramdisk", compression];
            string[] there = ["-cpu", "Nehalem", EnclaveFactAttribute.Binary, .. BuildArguments("there.eif"), "--ramdisk", compression];
            Assert.Equal(0, Start(EnclaveFactAttribute.Binary, folder, here).Code);
            Assert.Equal(0, Start("qemu-x86_64", folder, there).Code);
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "here.eif")), File.ReadAllBytes(Path.Combine(folder, "there.eif")));
        }
    }

    [EnclaveFact]
    public void The_ramdisk_is_lz4_when_that_is_asked_for_or_the_kernel_is_described_as_one_that_unpacks_it()
    {
        string folder = Inputs();
        string[] described = DescriptionArguments(folder);
        string description = Path.Combine(folder, "kernel.components.json"), without = File.ReadAllText(description);
        Assert.Equal("gzip", Archive());
        Assert.Equal("gzip", Archive(described));
        Assert.Equal("lz4", Archive("--ramdisk", "lz4"));
        (int code, _, string error) = Start(EnclaveFactAttribute.Binary, folder, [.. BuildArguments("a.eif"), .. described, "--ramdisk", "lz4"]);
        Assert.Equal((1, "enclave: error: use --ramdisk lz4: the kernel is described as without CONFIG_RD_LZ4, and could not unpack it\n"), (code, error));

        File.WriteAllText(description, without.Replace("CONFIG_X", "CONFIG_RD_LZ4", StringComparison.Ordinal));
        Assert.Equal("lz4", Archive(described));
        Assert.Equal("gzip", Archive([.. described, "--ramdisk", "gzip"]));

        string Archive(params string[] more)
        {
            (int code, _, string error) = Start(EnclaveFactAttribute.Binary, folder, [.. BuildArguments("a.eif"), .. more]);
            Assert.Equal((0, ""), (code, error));
            using JsonDocument image = JsonDocument.Parse(Run(folder, "image", "describe", "a.eif", "--json").Output);
            return Files(image.RootElement).First(f => f.GetProperty("Path").GetString() == "/init").GetProperty("Archive").GetString()!;
        }
    }

    [EnclaveFact]
    public void Another_byte_in_the_program_is_another_image()
    {
        string folder = Inputs();
        Build(folder, "a.eif");
        File.AppendAllText(Path.Combine(folder, "program"), "x");
        Build(folder, "b.eif");
        (int code, string output, string error) = Run(folder, "image", "verify", "b.eif", "--pcrs", "a.eif.json");
        Assert.Equal(1, code);
        Assert.Matches("^enclave: error: PCR0 is [0-9a-f]{96}, expected [0-9a-f]{96}\nenclave: error: PCR1 is .*\n$", error);
        Assert.Contains("not the one expected", output, StringComparison.Ordinal);
        using JsonDocument verdict = JsonDocument.Parse(Run(folder, "image", "verify", "b.eif", "--pcrs", "a.eif.json", "--json").Output);
        Assert.False(verdict.RootElement.GetProperty("IsExpected").GetBoolean());
        Assert.Equal(["PCR0", "PCR1"], verdict.RootElement.GetProperty("Differences").EnumerateArray().Select(e => e.GetString()));
    }

    [EnclaveFact]
    public void The_time_of_the_build_is_what_somebody_says_and_not_measured()
    {
        string folder = Inputs();
        Build(folder, "a.eif");
        (int code, _, _) = Start(EnclaveFactAttribute.Binary, folder, BuildArguments("b.eif"), ("SOURCE_DATE_EPOCH", "86400"));
        Assert.Equal(0, code);
        Assert.Contains("1970-01-02T00:00:00Z", Run(folder, "image", "describe", "b.eif").Output, StringComparison.Ordinal);
        Assert.Equal(0, Run(folder, "image", "verify", "b.eif", "--pcrs", "a.eif.json").Code);
        (code, _, string error) = Start(EnclaveFactAttribute.Binary, folder, BuildArguments("c.eif"), ("SOURCE_DATE_EPOCH", "today"));
        Assert.Equal((1, "enclave: error: read SOURCE_DATE_EPOCH: not a number of seconds\n"), (code, error));
    }

    [EnclaveFact]
    public void The_reference_string_is_compressed_on_request()
    {
        string folder = Inputs();
        Assert.Equal(0, Start(EnclaveFactAttribute.Binary, folder, [.. BuildArguments("a.eif"), "--compress-crs"]).Code);
        using JsonDocument description = JsonDocument.Parse(Run(folder, "image", "describe", "a.eif", "--json").Output);
        Assert.All(Files(description.RootElement), f => Assert.True(f.GetProperty("IsCompressed").GetBoolean()));
    }

    [EnclaveFact]
    public void The_reference_string_is_pinned_by_what_the_enclave_loads_of_it()
    {
        string folder = Inputs();
        string g1 = Sha256(new string('p', 3 * 64)), g2 = Sha256(new string('q', 128));
        Assert.Equal($"{KernelCommandLine.Default} init.crs_sha256={g1} init.crs_g2_sha256={g2}", CommandLineOf());

        // Two of three points are loaded; a pin that is there already stays.
        string two = Sha256(new string('p', 2 * 64)), given = new('0', 64);
        Assert.Equal(
            $"a init.crs_points=2 init.crs_g2_sha256={given} init.crs_sha256={two}",
            CommandLineOf("--cmdline", $"a init.crs_points=2 init.crs_g2_sha256={given}"));
        Assert.Equal(KernelCommandLine.Default, CommandLineOf("--unpinned-crs"));

        // Grumpkin's points are pinned where they are, by the file that the enclave prefers.
        File.WriteAllText(Path.Combine(folder, "crs/grumpkin_g1.flat.dat"), new string('r', 64));
        Assert.EndsWith($" init.crs_grumpkin_sha256={Sha256(new string('r', 64))}", CommandLineOf(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "crs/grumpkin_g1_v2.flat.dat"), new string('s', 64));
        Assert.EndsWith($" init.crs_grumpkin_sha256={Sha256(new string('s', 64))}", CommandLineOf(), StringComparison.Ordinal);

        string CommandLineOf(params string[] more)
        {
            (int code, _, string error) = Start(EnclaveFactAttribute.Binary, folder, [.. BuildArguments("a.eif"), .. more]);
            Assert.Equal((0, ""), (code, error));
            using FileStream image = File.OpenRead(Path.Combine(folder, "a.eif"));
            return EifReader.Read(image).CommandLine;
        }

        static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
    }

    [EnclaveFact]
    public void A_reference_string_that_cannot_be_one_is_refused_in_one_line()
    {
        string folder = Inputs();
        string points = Path.Combine(folder, "crs/bn254_g1.dat");
        File.AppendAllText(points, "x");
        Refused("pin bn254_g1.dat: 193 bytes are no whole number of points");
        Refused("pin init.crs_points=many: not a number of points", "--cmdline", "init.crs_points=many");
        File.Delete(points);
        Refused("pin bn254_g1.dat: there is none in the folder");

        void Refused(string cause, params string[] more)
        {
            (int code, _, string error) = Start(EnclaveFactAttribute.Binary, folder, [.. BuildArguments("a.eif"), .. more]);
            Assert.Equal((1, $"enclave: error: {cause}\n"), (code, error));
        }
    }

    [EnclaveFact]
    public void A_damaged_image_is_refused_in_one_line()
    {
        string folder = Inputs();
        byte[] image = SampleImage.Write();
        File.WriteAllBytes(Path.Combine(folder, "a.eif"), SampleImage.Checksummed(image[..^1]));
        foreach (string command in new[] { "describe", "measure", "verify" })
        {
            (int code, string output, string error) = Run(folder, "image", command, "a.eif");
            Assert.Equal((1, ""), (code, output));
            Assert.Matches(@"^enclave: error: read section 3 \(ramdisk\): its \d+ bytes reach beyond the file, by 1\n$", error);
        }
    }

    [EnclaveFact]
    public void A_build_that_fails_leaves_the_image_that_was_there()
    {
        string folder = Inputs();
        File.WriteAllText(Path.Combine(folder, "a.eif"), "before");
        string[] arguments = [.. BuildArguments("a.eif"), "--cmdline", "two\nlines"];
        (int code, _, string error) = Start(EnclaveFactAttribute.Binary, folder, arguments);
        Assert.Equal((1, "enclave: error: write image: the command line's character 3 is not printable ASCII\n"), (code, error));
        Assert.Equal("before", File.ReadAllText(Path.Combine(folder, "a.eif")));
        Assert.Empty(Directory.GetFiles(folder, "*.unfinished"));
    }

    [EnclaveFact]
    public void What_is_to_go_in_is_refused_in_one_line()
    {
        string folder = Inputs();
        Refused("read --file extra: expected HOST=GUEST", "--file", "extra");
        Refused("add etc/x to the ramdisk: not a path from the root on", "--file", "extra=etc/x");
        Refused("add /init to the ramdisk: it is there already", "--file", "extra=/init");
        Refused("read kernel: not a bzImage", "--kernel", "program");

        void Refused(string cause, params string[] more)
        {
            string[] arguments = more[0] == "--kernel"
                ? ["image", "build", "--init", "program", "-o", "a.eif", .. more]
                : [.. BuildArguments("a.eif"), .. more];
            (int code, _, string error) = Start(EnclaveFactAttribute.Binary, folder, arguments);
            Assert.Equal(1, code);
            Assert.StartsWith($"enclave: error: {cause}", error, StringComparison.Ordinal);
            Assert.Equal(1, error.Count(c => c == '\n'));
        }
    }

    [EnclaveFact]
    public void An_image_is_signed_verified_and_not_signed_again_by_mistake()
    {
        string folder = Inputs();
        Build(folder, "a.eif");
        string[] key = SigningKey(folder, "one");
        Assert.Equal(0, Run(folder, ["image", "sign", "a.eif", "-o", "signed.eif", "--pcrs", "signed.json", .. key]).Code);
        Assert.Contains("PCR8", File.ReadAllText(Path.Combine(folder, "signed.json")), StringComparison.Ordinal);
        (int code, string output, string error) = Run(folder, "image", "verify", "signed.eif", "--pcrs", "a.eif.json");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("good, by CN=signer", output, StringComparison.Ordinal);

        (code, _, error) = Run(folder, ["image", "sign", "signed.eif", .. key]);
        Assert.Equal((1, "enclave: error: sign image: it is signed already; --replace puts another signature there\n"), (code, error));
        string[] other = SigningKey(folder, "two");
        Assert.Equal(0, Run(folder, ["image", "sign", "signed.eif", "--replace", .. other]).Code);
        Assert.Equal(1, Run(folder, "image", "verify", "signed.eif", "--pcrs", "signed.json").Code);

        (code, _, error) = Run(folder, "image", "sign", "a.eif", "--signing-key", key[1], "--signing-certificate", other[3]);
        Assert.Equal((1, "enclave: error: read signing key: it is not the certificate's\n"), (code, error));
        Assert.Empty(Directory.GetFiles(folder, "*.unfinished"));
    }

    [EnclaveFact]
    public void An_image_that_is_signed_when_it_is_built_is_the_one_that_is_signed_later()
    {
        string folder = Inputs();
        string[] key = SigningKey(folder, "one");
        Build(folder, "a.eif");
        Run(folder, ["image", "sign", "a.eif", .. key]);
        Assert.Equal(0, Start(EnclaveFactAttribute.Binary, folder, [.. BuildArguments("b.eif"), .. key]).Code);
        (int code, string output, _) = Run(folder, "image", "diff", "a.eif", "b.eif");
        Assert.Equal(1, code);
        Assert.Matches("^signature +content: [^\n]+\n$", output); // ES384's nonce is random
        (code, _, string error) = Start(EnclaveFactAttribute.Binary, folder, [.. BuildArguments("b.eif"), .. key[..2]]);
        Assert.Equal((1, "enclave: error: sign image: --signing-key and --signing-certificate go together\n"), (code, error));
    }

    [EnclaveFact]
    public void A_signature_that_is_not_good_fails_the_verification()
    {
        string folder = Inputs();
        byte[] image = SampleSigner.Create(DateTimeOffset.UnixEpoch.AddDays(1)).Sign(SampleImage.Write());
        File.WriteAllBytes(Path.Combine(folder, "a.eif"), image);
        (int code, _, string error) = Run(folder, "image", "verify", "a.eif");
        Assert.Equal((1, "enclave: error: read signature: its certificate expired on 1970-01-03 00:00:00Z\n"), (code, error));
    }

    [EnclaveFact]
    public void Two_images_are_compared_file_by_file()
    {
        string folder = Inputs();
        Build(folder, "a.eif");
        Build(folder, "b.eif");
        Assert.Equal((0, "images           the same, byte for byte\n", ""), Run(folder, "image", "diff", "a.eif", "b.eif"));
        File.AppendAllText(Path.Combine(folder, "extra"), "x");
        Start(EnclaveFactAttribute.Binary, folder, [.. BuildArguments("b.eif"), "--cmdline", "one two"]);
        (int code, string output, string error) = Run(folder, "image", "diff", "a.eif", "b.eif");
        Assert.Equal((1, ""), (code, error));
        Assert.Contains("command line     two only in B: two\n", output, StringComparison.Ordinal);
        Assert.Matches("\nramdisk 0 +/etc/extra content: 4 bytes, SHA-384 [0-9a-f]{96} -> 5 bytes, SHA-384 [0-9a-f]{96}\nPCR0 ", output);
        using JsonDocument json = JsonDocument.Parse(Run(folder, "image", "diff", "a.eif", "b.eif", "--json").Output);
        Assert.False(json.RootElement.GetProperty("IsSame").GetBoolean());
        Assert.Contains(json.RootElement.GetProperty("Differences").EnumerateArray(), d => d.GetProperty("Subject").GetString() == "/etc/extra");
    }

    [EnclaveFact]
    public void Nothing_that_a_terminal_obeys_comes_out_of_an_image()
    {
        string folder = Inputs();
        byte[] ramdisk = [.. SampleRamdisk.Entry("a\e[2Jb", "x", 0x81a4), .. SampleRamdisk.Entry("TRAILER!!!", "", 0)];
        byte[] image = SampleImage.Write(metadata: Encoding.UTF8.GetBytes("{\"a\":\"\u202eb\"}"), ramdisks: [ramdisk]);
        File.WriteAllBytes(Path.Combine(folder, "a.eif"), image);
        string output = Run(folder, "image", "describe", "a.eif").Output;
        Assert.Contains(@"/a\u001b[2Jb", output, StringComparison.Ordinal);
        Assert.Contains(@"\u202eb", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }

    /// <summary>A folder with something of each kind that goes into an image.</summary>
    private static string Inputs([CallerMemberName] string name = "")
    {
        string folder = Places.Scratch($"{nameof(ImageCommandTests)}/{name}");
        File.WriteAllBytes(Path.Combine(folder, "kernel"), KernelTests.BzImage("6.12.1 (x)").ToArray());
        File.WriteAllText(Path.Combine(folder, "program"), "a program");
        File.WriteAllText(Path.Combine(folder, "extra"), "more");
        Directory.CreateDirectory(Path.Combine(folder, "crs"));
        File.WriteAllText(Path.Combine(folder, "crs/bn254_g1.dat"), new string('p', 3 * 64));
        File.WriteAllText(Path.Combine(folder, "crs/bn254_g2.dat"), new string('q', 128));
        File.WriteAllText(Path.Combine(folder, "crs/.lock"), "not for the image");
        return folder;
    }

    /// <summary>The options for a manifest and a bill of materials, with a description of the kernel.</summary>
    private static string[] DescriptionArguments(string folder)
    {
        string digest = Convert.ToHexStringLower(SHA384.HashData(File.ReadAllBytes(Path.Combine(folder, "kernel"))));
        File.WriteAllText(Path.Combine(folder, "kernel.components.json"), $$"""
            {"format": "init-components-1", "artifact": {"sizeBytes": 1, "sha384": "{{digest}}"}, "components": [{"name": "linux",
             "version": "1", "purl": "pkg:deb/debian/linux@1", "origin": "Debian", "licenceUnknown": "nobody said"}],
             "ownFiles": [], "tools": {"gcc": "gcc 1"}, "options": {"CONFIG_X": "y"} }
            """);
        return ["--components", "kernel.components.json", "--manifest", "manifest.json", "--sbom", "sbom.json"];
    }

    /// <summary>The options that name a new key and its certificate.</summary>
    private static string[] SigningKey(string folder, string name)
    {
        SampleSigner signer = SampleSigner.Create(DateTimeOffset.UtcNow);
        File.WriteAllText(Path.Combine(folder, $"{name}.key"), signer.KeyPem);
        File.WriteAllText(Path.Combine(folder, $"{name}.pem"), signer.CertificatePem);
        return ["--signing-key", $"{name}.key", "--signing-certificate", $"{name}.pem"];
    }

    private static string[] BuildArguments(string image) =>
    [
        "image", "build", "--kernel", "kernel", "--init", "program", "--crs", "crs", "--file", "extra=/etc/extra", "-o", image, "--pcrs",
        $"{image}.json",
    ];

    private static (int Code, string Output, string Error) Build(string folder, string image) =>
        Start(EnclaveFactAttribute.Binary, folder, BuildArguments(image));

    private static (int Code, string Output, string Error) Run(string folder, params string[] arguments) =>
        Start(EnclaveFactAttribute.Binary, folder, arguments);

    private static IEnumerable<JsonElement> Files(JsonElement description) => description.GetProperty("Sections").EnumerateArray()
        .Where(s => s.TryGetProperty("Files", out _)).SelectMany(s => s.GetProperty("Files").EnumerateArray());

    private static bool IsCrs(JsonElement file) => file.GetProperty("Path").GetString()!.StartsWith("/crs", StringComparison.Ordinal);

    private static (int Code, string Output, string Error) Start(
        string program, string folder, string[] arguments, (string Name, string Value)? variable = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("SOURCE_DATE_EPOCH");
        if (variable is var (name, value))
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
