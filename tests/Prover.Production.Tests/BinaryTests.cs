using System.Diagnostics;
using System.Text;
using Init.Testing;

namespace Init.Prover.Production.Tests;

/// <summary>The published static executable, looked at and run from outside.</summary>
public sealed class BinaryTests
{
    private static string Production => Path.Combine(Places.Root, "out/bin/enclave");

    private static string Insecure => Path.Combine(Places.Root, "out/test/bin-dev-srs/enclave");

    public static TheoryData<string> Marks { get; } = ["the label", "the anchor", "the Translator's commitment"];

    [Theory]
    [MemberData(nameof(Marks))]
    public void The_production_binary_contains_nothing_of_the_development_srs(string what)
    {
        // The label that host/srs_dev.c carries; tau G and the commitment, which the dev data segments trust in place of
        // the ceremony's.
        byte[] mark = what switch
        {
            "the label" => Encoding.ASCII.GetBytes("INSECURE development SRS"),
            "the anchor" => File.ReadAllBytes(Path.Combine(Places.DevSrs, "bn254_g1.dat"))[64..128],
            _ => Encoding.ASCII.GetBytes("29a192881a123a2af2357b3684c6a44683a8b50a4b2a9b2cf1cd8185f4b69e06"),
        };
        Assert.True(Contains(Insecure, mark), $"{what} is not even in the insecure binary: this test cannot fail");
        Assert.False(Contains(Production, mark));
        Assert.False(Contains(Path.Combine(Places.Root, "out/native/libprover.a"), mark));
        Assert.False(Contains(Path.Combine(Places.Root, "out/native/libprover.so"), mark));
    }

    [Fact]
    public void The_production_binary_is_static()
    {
        // PT_INTERP (3) names a dynamic linker; a static-pie has none. ELF-64: System V ABI, gABI 4.
        byte[] elf = File.ReadAllBytes(Production);
        int offset = (int)BitConverter.ToUInt64(elf, 32), size = BitConverter.ToUInt16(elf, 54), count = BitConverter.ToUInt16(elf, 56);
        for (int i = 0; i < count; i++)
        {
            Assert.NotEqual(3u, BitConverter.ToUInt32(elf, offset + (i * size)));
        }
    }

    [Fact]
    public void The_production_binary_names_no_folder_of_the_machine_that_built_it()
    {
        Assert.False(Contains(Production, Encoding.ASCII.GetBytes(Places.Root + "/")));
        Assert.False(Contains(Production, ".nuget/packages"u8.ToArray()));
    }

    [VectorsFact(NeedsRoot = true)]
    public void It_proves_in_an_empty_root_with_urandom_alone()
    {
        string root = Places.Scratch(nameof(BinaryTests));
        Directory.CreateDirectory(Path.Combine(root, "crs"));
        Directory.CreateDirectory(Path.Combine(root, "dev"));
        File.Copy(Production, Path.Combine(root, "enclave"));
        foreach (string file in Directory.GetFiles(Places.CeremonyCrs))
        {
            File.Copy(file, Path.Combine(root, "crs", Path.GetFileName(file)));
        }

        TestCircuit tiny = TestCircuit.Named("tiny");
        File.Copy(tiny.Program, Path.Combine(root, "prog.json"));
        File.Copy(tiny.WitnessPath, Path.Combine(root, "witness.gz"));
        (int made, string why) = Run("mknod", Path.Combine(root, "dev/urandom"), "c", "1", "9");
        Assert.True(made == 0, why);
        (int exit, string output) = Run(
            "chroot", root, "/enclave", "local", "prove", "-b", "/prog.json", "-w", "/witness.gz", "-o", "/out", "--crs", "/crs");
        Assert.True(exit == 0, output);

        byte[] Read(string name) => File.ReadAllBytes(Path.Combine(root, "out", name));
        string scratch = Path.Combine(root, "verify");
        Directory.CreateDirectory(scratch);
        Assert.True(NativeBb.Unmodified().Verifies(scratch, Read("vk"), Read("proof"), Read("public_inputs"), ProofSettings.Default));
    }

    [VectorsTheory]
    [InlineData("Nehalem", 1, "enclave: error: create the prover: this CPU lacks FMA; the prover needs x86-64-v3")]
    [InlineData("Haswell-noTSX", 0, "gates            19")]
    public void A_cpu_that_lacks_what_the_prover_needs_is_a_clear_error(string cpu, int exitCode, string says)
    {
        (int exit, string output) = Run(
            "qemu-x86_64", "-cpu", cpu, Production, "local", "gates", "-b", TestCircuit.Named("tiny").Program, "--crs", Places.CeremonyCrs);
        Assert.True(exit == exitCode, output);
        Assert.Contains(says, output, StringComparison.Ordinal);
    }

    [VectorsFact]
    public void Errors_are_one_line_and_exit_1()
    {
        TestCircuit tiny = TestCircuit.Named("tiny");
        (int exit, string output) = Run(
            Production, "local", "prove", "-b", tiny.Program, "-w", tiny.Program, "-o", "/nonexistent", "--crs", Places.CeremonyCrs);
        Assert.Equal(1, exit);
        Assert.StartsWith("enclave: error: read witness: ", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void The_insecure_binary_says_so()
    {
        string program = Path.Combine(Places.Root, "tests/circuits/tiny/prog.json");
        string witness = Path.Combine(Places.Root, "tests/circuits/tiny/witness.gz");
        string scratch = Places.Scratch("insecure");
        (int exit, string output) = Run(Insecure, "local", "prove", "-b", program, "-w", witness, "-o", scratch, "--crs", Places.DevSrs);
        Assert.Equal(0, exit);
        Assert.Equal(2, output.Split('\n').Count(line => line.Contains("INSECURE", StringComparison.Ordinal)));
    }

    private static bool Contains(string path, byte[] mark) => File.ReadAllBytes(path).AsSpan().IndexOf(mark) >= 0;

    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error + output.GetAwaiter().GetResult());
    }
}
