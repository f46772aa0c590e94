using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Init.Testing;

namespace Init.Attestation.Tests;

/// <summary><c>enclave verify-attestation</c>, the published command, from outside.</summary>
public sealed class VerifyAttestationCommandTests
{
    private const string At = "2026-01-02T03:04:05Z";
    private static readonly string Right = Forge.PcrHex(0);
    private static readonly string Wrong = Forge.PcrHex(9);

    [EnclaveFact]
    public void A_document_is_accepted_under_the_root_that_is_given()
    {
        string folder = Inputs(new Forge { Nonce = Cbor.Bytes(Forge.SomeNonce) });
        (int code, string output, string error) = Verify(
            folder, "--root", "root.pem", "--at", At, "--nonce", Convert.ToHexString(Forge.SomeNonce), "--pcr0", Wrong, Right, "--pcr8", Forge.PcrHex(8));
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("verdict          accepted\nCONFIGURED ROOT  not AWS's", output, StringComparison.Ordinal);
        Assert.Contains("nonce            passed", output, StringComparison.Ordinal);
        Assert.Contains("measurements     passed   PCR0, PCR8 as allowed", output, StringComparison.Ordinal);
    }

    [EnclaveFact]
    public void A_refusal_ends_with_3_and_says_which_step_and_a_hint()
    {
        string folder = Inputs(new Forge());
        Refused("root", "--root FILE", "--at", At);
        Refused("measurements", "enclave image measure", "--root", "root.pem", "--at", At, "--pcr0", Wrong);
        Refused("validity", "--at TIME", "--root", "root.pem", "--at", "2026-02-02T03:04:05Z", "--max-age", "none");
        Refused("timestamp", "--max-age", "--root", "root.pem", "--at", "2026-01-02T03:04:15Z", "--max-age", "10");
        Refused("timestamp", "clock", "--root", "root.pem", "--at", "2026-01-02T03:03:05.5Z");
        Refused("nonce", null, "--root", "root.pem", "--at", At, "--nonce", new string('0', 32));

        void Refused(string step, string? hint, params string[] arguments)
        {
            (int code, string output, string error) = Verify(folder, arguments);
            Assert.Equal(3, code);
            Assert.StartsWith("verdict          REFUSED\n", output, StringComparison.Ordinal);
            string[] lines = error.TrimEnd('\n').Split('\n');
            Assert.StartsWith($"enclave: error: attestation refused: {step}: ", lines[0], StringComparison.Ordinal);
            Assert.Equal(hint is null ? 1 : 2, lines.Length);
            if (hint is not null)
            {
                Assert.StartsWith("enclave: hint: ", lines[1], StringComparison.Ordinal);
                Assert.Contains(hint, lines[1], StringComparison.Ordinal);
            }
        }
    }

    [EnclaveFact]
    public void Debug_mode_is_refused_unless_allowed_and_then_labelled_on_both_streams()
    {
        Forge forge = new();
        forge.Pcrs[0] = new byte[48];
        string folder = Inputs(forge);
        Assert.Equal(3, Verify(folder, "--root", "root.pem", "--at", At).Code);
        (int code, string output, string error) = Verify(folder, "--root", "root.pem", "--at", At, "--allow-debug");
        Assert.Equal(0, code);
        Assert.Contains("\nDEBUG  ", output, StringComparison.Ordinal);
        Assert.StartsWith("enclave: warning: DEBUG", error, StringComparison.Ordinal);
    }

    [EnclaveFact]
    public void An_unsigned_document_is_refused_unless_it_is_the_simulators_and_every_output_says_UNSIGNED()
    {
        string folder = Inputs(new Forge
        {
            ProtectedHeader = [0xa1, 0x01, 0x20],
            BendSignature = _ => new byte[64],
            BendBundle = _ => [new byte[64]],
        });
        foreach (string[] more in (string[][])[[], ["--simulator"], ["--json"], ["--simulator", "--json"]])
        {
            (int code, string output, string error) = Verify(folder, ["--at", At, .. more]);
            Assert.Equal(more.Contains("--simulator") ? 0 : 3, code);
            Assert.Contains("UNSIGNED", output, StringComparison.Ordinal);
            Assert.StartsWith("enclave: warning: UNSIGNED", error, StringComparison.Ordinal);
        }
    }

    [EnclaveFact]
    public void The_measurements_of_several_images_may_be_given_as_image_build_writes_them()
    {
        string folder = Inputs(new Forge());
        WriteMeasurements("old.json", 9);
        WriteMeasurements("new.json", 0);
        (int code, string output, _) = Verify(folder, "--root", "root.pem", "--at", At, "--pcrs", "old.json", "--pcrs", "new.json");
        Assert.Equal(0, code);
        Assert.Contains("PCR0, PCR1, PCR2 of new.json", output, StringComparison.Ordinal);
        (code, _, string error) = Verify(folder, "--root", "root.pem", "--at", At, "--pcrs", "old.json");
        Assert.Equal(3, code);
        Assert.Contains("not that of old.json", error, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "bad.json"), "{}");
        (code, _, error) = Verify(folder, "--root", "root.pem", "--at", At, "--pcrs", "bad.json");
        Assert.Equal((1, "enclave: error: read measurements: PCR0 is missing\n"), (code, error));

        void WriteMeasurements(string name, int first) => File.WriteAllText(
            Path.Combine(folder, name),
            $$$"""{"Measurements":{"HashAlgorithm":"Sha384 { ... }","PCR0":"{{{Forge.PcrHex(first)}}}","PCR1":"{{{Forge.PcrHex(1)}}}","PCR2":"{{{Forge.PcrHex(2)}}}"}}""");
    }

    [EnclaveFact]
    public void With_json_it_prints_one_document()
    {
        string folder = Inputs(new Forge());
        JsonElement json = JsonSerializer.Deserialize<JsonElement>(Verify(folder, "--root", "root.pem", "--at", At, "--json").Output);
        Assert.Equal("ConfiguredRoot", json.GetProperty("Trust").GetString());
        Assert.Equal(11, json.GetProperty("Steps").GetArrayLength());
        json = JsonSerializer.Deserialize<JsonElement>(Verify(folder, "--at", At, "--json").Output);
        Assert.Equal("UntrustedRoot", json.GetProperty("Error").GetString());
    }

    [EnclaveFact]
    public void What_cannot_be_read_ends_with_1()
    {
        string folder = Inputs(new Forge());
        File.WriteAllText(Path.Combine(folder, "text"), "no document");
        File.WriteAllBytes(Path.Combine(folder, "long"), new byte[1 << 20]);
        Unreadable("enclave: error: Could not find file", "missing");
        Unreadable("enclave: error: read attestation document: ", "text");
        Unreadable("enclave: error: read attestation document: 12289 bytes, the limit is 12288", "long");
        Unreadable("enclave: error: read root certificate: ", "document", "--root", "text");

        void Unreadable(string message, params string[] arguments)
        {
            (int code, string output, string error) = Run(folder, ["verify-attestation", .. arguments]);
            Assert.Equal((1, ""), (code, output));
            Assert.StartsWith(message, error, StringComparison.Ordinal);
            Assert.Equal(1, error.Count(c => c == '\n'));
        }
    }

    [EnclaveFact]
    public void A_mistake_in_the_arguments_ends_with_2()
    {
        string folder = Inputs(new Forge());
        foreach (string[] arguments in (string[][])[
            ["--at", "yesterday"], ["--pcr0", "abc"], ["--pcr5", Right], ["--nonce", "00"], ["--nonce", new string('g', 32)], ["--max-age", "0"], ["--max-age", "soon"], ["--nonsense"]])
        {
            (int code, _, string error) = Verify(folder, arguments);
            Assert.Equal(2, code);
            Assert.NotEmpty(error);
        }

        Assert.Equal(2, Run(folder, "verify-attestation").Code);
    }

    [EnclaveVectorsFact]
    public void A_real_document_is_accepted_at_its_time_and_refused_now()
    {
        RealDocument document = RealDocument.All().First(d => !d.IsDebug);
        string folder = Places.Scratch($"{nameof(VerifyAttestationCommandTests)}/real");
        File.WriteAllBytes(Path.Combine(folder, "document"), document.Bytes);
        (int code, string output, string error) = Verify(folder, "--at", document.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("root             passed   AWS Nitro Enclaves, SHA-256 641a0321", output, StringComparison.Ordinal);
        Assert.Equal(3, Verify(folder).Code);
    }

    /// <summary>A folder with the forge's document and its root.</summary>
    private static string Inputs(Forge forge, [CallerMemberName] string name = "")
    {
        string folder = Places.Scratch($"{nameof(VerifyAttestationCommandTests)}/{name}");
        File.WriteAllBytes(Path.Combine(folder, "document"), forge.Make());
        File.WriteAllText(Path.Combine(folder, "root.pem"), PemEncoding.WriteString("CERTIFICATE", forge.RootCertificate));
        return folder;
    }

    private static (int Code, string Output, string Error) Verify(string folder, params string[] arguments) =>
        Run(folder, ["verify-attestation", "document", .. arguments]);

    private static (int Code, string Output, string Error) Run(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new(EnclaveFactAttribute.Binary, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
