using System.Diagnostics;
using System.Security.Cryptography;
using Init.Client;
using Init.Testing;

namespace Init.SystemTests;

/// <summary>As a new user has it: an enclave from the image that was built, the command with the measurements that the build wrote, native bb.</summary>
public sealed class SealedProofTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [SoftwareNsmFact]
    public async Task A_proof_is_sealed_to_the_measured_image_and_another_image_is_sent_nothing()
    {
        using BootedEnclave enclave = await BootedEnclave.StartAndWaitAsync(Images.Production, SoftwareNsmTests.With);
        string folder = Places.Scratch("sp");
        string root = Path.Combine(folder, "root.pem"), pcrs = Path.Combine(folder, "pcrs.json"), proof = Path.Combine(folder, "proof");
        await File.WriteAllTextAsync(root, PemEncoding.WriteString("CERTIFICATE", enclave.Machine.Nsm!.RootCertificate.Span));
        (_, string measured, _) = await RunAsync(["image", "measure", Images.Production.Path, "--json"]);
        await File.WriteAllTextAsync(pcrs, measured);
        using RecordingRelay relay = new(Path.Combine(folder, "v"), enclave.Machine.SocketPath);
        TestCircuit tiny = TestCircuit.Named("tiny");
        string[] prove = ["prove", "-a", $"simulator:{relay.Path}", "-b", tiny.Program, "-w", tiny.WitnessPath, "-o", proof, "--root", root];

        (int code, _, string error) = await RunAsync([.. prove, "--pcr0", new string('7', 96)]);
        Assert.Equal(3, code);
        Assert.StartsWith("enclave: error: attestation refused: ", error, StringComparison.Ordinal);
        (code, _, _) = await RunAsync([.. prove[..^2], "--pcrs", pcrs]); // AWS's root
        Assert.Equal(3, code);
        Assert.False(relay.HasCarriedAny(tiny.Witness));
        Assert.InRange(relay.Carried.Length, 1, 16_000);
        Assert.False(Directory.Exists(proof));

        (code, _, error) = await RunAsync([.. prove, "--pcrs", pcrs]);
        Assert.True(code == 0, error);
        Assert.True(relay.Carried.Length > tiny.Witness.Length + 16_000);
        Assert.False(relay.HasCarriedAny(tiny.Witness));
        Assert.False(relay.HasCarriedAny(await File.ReadAllBytesAsync(Path.Combine(proof, "proof"))));
        string[] files = ["-k", Path.Combine(proof, "vk"), "-p", Path.Combine(proof, "proof"), "-i", Path.Combine(proof, "public_inputs")];
        Assert.Equal(0, NativeBb.Unmodified().Run(["verify", .. files]).ExitCode);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Guest.Enclave, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, output, await error);
    }
}
