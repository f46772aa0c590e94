using System.Diagnostics;
using System.Runtime.CompilerServices;
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
        Assert.Equal(KernelCommandLine.Default, root.GetProperty("CommandLine").GetString());
        Assert.Equal("6.12.1", root.GetProperty("Metadata").GetProperty("BuildMetadata").GetProperty("KernelVersion").GetString());
        Assert.Equal(new FileInfo(Path.Combine(folder, "a.eif")).Length, root.GetProperty("SizeBytes").GetInt64());
        Assert.Equal(1, root.GetProperty("MinMemoryMiB").GetInt64());
        Assert.Equal(
            [
                "drwxr-xr-x /dev", "crw------- /dev/console", "drwxr-xr-x /etc", "-r--r--r-- /etc/extra", "-rwxr-xr-x /init",
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
        byte[][] images = [.. new[] { "one", "two" }.Select((name, index) =>
        {
            string folder = Inputs(name);
            foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            {
                File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddDays(1000 * (index + 1)));
            }

            Assert.Equal(0, Build(folder, $"{name}.eif").Code);
            return File.ReadAllBytes(Path.Combine(folder, $"{name}.eif"));
        })];
        Assert.Equal(images[0], images[1]);
    }

    [EnclaveFact]
    public void The_processor_makes_no_difference_to_the_bytes()
    {
        // zlib chooses its code by the processor: one without AVX stands for all others.
        string folder = Inputs();
        File.Copy("/bin/bash", Path.Combine(folder, "program"), overwrite: true);
        Assert.Equal(0, Build(folder, "here.eif").Code);
        string[] arguments = ["-cpu", "Nehalem", EnclaveFactAttribute.Binary, .. BuildArguments("there.eif")];
        Assert.Equal(0, Start("qemu-x86_64", folder, arguments).Code);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "here.eif")), File.ReadAllBytes(Path.Combine(folder, "there.eif")));
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
    public void The_reference_string_is_gzipped_on_request()
    {
        string folder = Inputs();
        Assert.Equal(0, Start(EnclaveFactAttribute.Binary, folder, [.. BuildArguments("a.eif"), "--compress-crs"]).Code);
        using JsonDocument description = JsonDocument.Parse(Run(folder, "image", "describe", "a.eif", "--json").Output);
        Assert.All(Files(description.RootElement), f => Assert.True(f.GetProperty("IsCompressed").GetBoolean()));
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
        File.WriteAllText(Path.Combine(folder, "crs/bn254_g1.dat"), "points");
        File.WriteAllText(Path.Combine(folder, "crs/bn254_g2.dat"), "one point");
        File.WriteAllText(Path.Combine(folder, "crs/.lock"), "not for the image");
        return folder;
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
