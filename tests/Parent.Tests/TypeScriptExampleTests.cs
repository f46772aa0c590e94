using Init.Testing;

namespace Init.Parent.Tests;

/// <summary>examples/typescript against a running enclave: what the documents say is enough for another client.</summary>
[Collection(nameof(SharedEnclave))]
public sealed class TypeScriptExampleTests(RunningEnclave enclave)
{
    private static readonly string Example = Path.Combine(Places.Root, "examples/typescript");

    [CommandFact]
    public void It_attests_seals_and_proves_and_native_bb_accepts_the_proof()
    {
        string folder = Compile("ts");
        (int code, string output, string error) = Prove(folder, enclave.Address, Convert.ToHexString(RunningEnclave.Pcr0));
        Assert.True(code == 0, output + error);
        Assert.StartsWith("attested: init ", output, StringComparison.Ordinal);
        string proof = Path.Combine(folder, "proof");
        string[] files = ["-k", Path.Combine(proof, "vk"), "-p", Path.Combine(proof, "proof"), "-i", Path.Combine(proof, "public_inputs")];
        Assert.Equal(0, NativeBb.Unmodified().Run(["verify", .. files]).ExitCode);
    }

    [CommandFact]
    public void For_another_image_it_sends_nothing()
    {
        string folder = Compile("tw");
        using RecordingRelay relay = new(Path.Combine(folder, "r"), enclave.Address["unix:".Length..]);
        (int code, _, string error) = Prove(folder, $"unix:{relay.Path}", new string('2', 96));
        Assert.NotEqual(0, code);
        Assert.Contains("another PCR0", error, StringComparison.Ordinal);
        Assert.InRange(relay.Carried.Length, 1, 8_000); // a document
        Assert.False(relay.HasCarriedAny(TestCircuit.Named("tiny").Witness));
    }

    private static string Compile(string name)
    {
        string folder = Places.Scratch(name);
        (int code, string output, string error) = Tool.Run(Example, "node", "node_modules/typescript/bin/tsc", "--outDir", Path.Combine(folder, "out"));
        Assert.True(code == 0, output + error);
        File.Copy(Path.Combine(Example, "package.json"), Path.Combine(folder, "package.json"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), Path.Combine(Example, "node_modules"));
        return folder;
    }

    private (int Code, string Output, string Error) Prove(string folder, string address, string pcr0)
    {
        string zero = new('0', 96), measurements = Path.Combine(folder, "pcrs.json");
        File.WriteAllText(measurements, $$$"""{"Measurements":{"PCR0":"{{{pcr0}}}","PCR1":"{{{zero}}}","PCR2":"{{{zero}}}"}}""");
        TestCircuit tiny = TestCircuit.Named("tiny");
        return Tool.Run(
            folder, "node", "out/prove.js", address, measurements, tiny.Program, tiny.WitnessPath, Path.Combine(folder, "proof"), enclave.RootCertificate);
    }
}
