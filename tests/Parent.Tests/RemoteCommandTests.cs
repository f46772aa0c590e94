using System.Text.Json;
using Init.Client;
using Init.Testing;
using Init.Wire;

namespace Init.Parent.Tests;

/// <summary>The commands that talk to an enclave, from outside: the published binary and a running enclave.</summary>
[Collection(nameof(SharedEnclave))]
public sealed class RemoteCommandTests(RunningEnclave enclave)
{
    private static readonly TestCircuit? Tiny = Places.Vectors is null ? null : TestCircuit.Named("tiny");

    // The enclave of these tests has a development PKI, and an image that its NSM says.
    private string[] Trusting => ["--root", enclave.RootCertificate, "--pcr0", Convert.ToHexString(RunningEnclave.Pcr0)];

    [CommandFact]
    public void What_it_proves_verifies_with_its_key_and_does_not_for_another_input()
    {
        string folder = Places.Scratch($"{nameof(RemoteCommandTests)}/prove");
        JsonElement proof = Json("enclave prove", folder, [.. Trusting, "-b", Tiny!.Program, "-w", Tiny.WitnessPath, "-o", "proof", "--json"]);
        Assert.Equal("ConfiguredRoot", proof.GetProperty("Trust").GetString());
        Assert.Equal("proof/vk_hash", proof.GetProperty("KeyHash").GetString());
        JsonElement key = Json("enclave vk", folder, [.. Trusting, "-b", Tiny.Program, "-o", "key", "--json"]);
        Assert.Equal("key/vk", key.GetProperty("Key").GetString());
        Assert.Equal(Read("proof/vk"), Read("key/vk"));
        Assert.Equal(Read("proof/vk_hash"), Read("key/vk_hash"));
        string[] files = ["-k", "key/vk", "-p", "proof/proof", "-i", "proof/public_inputs"];
        Assert.True(Json("enclave verify", folder, [.. Trusting, .. files, "--json"]).GetProperty("IsValid").GetBoolean());
        Assert.Equal(0, NativeBb.Unmodified().Run(["verify", .. files.Select(f => f.Contains('/') ? Path.Combine(folder, f) : f)]).ExitCode);

        byte[] changed = Read("proof/public_inputs");
        changed[^1] ^= 1;
        File.WriteAllBytes(Path.Combine(folder, "proof/public_inputs"), changed);
        (int code, string output, _) = Ask(folder, ["verify", .. Trusting, .. files, "--json"]);
        Assert.Equal(1, code);
        Assert.False(CommandReference.AssertNames("enclave verify", output).GetProperty("IsValid").GetBoolean());
        Assert.Equal((1, "proof            REFUSED\n"), Without(Ask(folder, ["verify", .. Trusting, .. files])));

        byte[] Read(string name) => File.ReadAllBytes(Path.Combine(folder, name));
        static (int Code, string Output) Without((int Code, string Output, string Error) run) => (run.Code, run.Output);
    }

    [CommandFact]
    public void Insecure_asks_nobody_to_attest_and_says_so()
    {
        string folder = Places.Scratch($"{nameof(RemoteCommandTests)}/insecure");
        (int code, string output, string error) = Ask(folder, ["vk", "--insecure", "-b", Tiny!.Program, "-o", "key", "--json"]);
        Assert.Equal(0, code);
        Assert.Equal("None", CommandReference.AssertNames("enclave vk", output).GetProperty("Trust").GetString());
        Assert.StartsWith("enclave: warning: --insecure: nobody has attested", error, StringComparison.Ordinal);
        (code, _, error) = Ask(folder, ["vk", "--insecure", .. Trusting, "-b", Tiny.Program, "-o", "key"]);
        Assert.Equal(2, code);
        Assert.Contains("leave it out, or the policy", error, StringComparison.Ordinal);
    }

    [CommandFact]
    public void Without_a_trust_decision_nothing_is_sent_and_nothing_believed()
    {
        string folder = Places.Scratch($"{nameof(RemoteCommandTests)}/trust");
        string[] files = ["-b", Tiny!.Program, "-o", "out"], proof = ["-k", "vk", "-p", "proof", "-i", "public_inputs"];
        foreach (string[] arguments in (string[][])[["prove", "-w", Tiny.WitnessPath, .. files], ["vk", .. files], ["verify", .. proof]])
        {
            // A root alone, or the parent's own role, would be any enclave; PCR1 or PCR2 alone leaves half of the image open.
            foreach (string[] some in (string[][])[[], ["--insecure", "false"], ["--root", enclave.RootCertificate], ["--pcr3", new string('0', 96)], ["--pcr1", new string('0', 96)], ["--pcr2", new string('0', 96)]])
            {
                (int code, string output, string error) = Ask(folder, [.. arguments, .. some]);
                Assert.Equal((2, ""), (code, output));
                Assert.StartsWith("enclave: error: which enclave? --pcrs FILE or --pcr0 HEX ", error, StringComparison.Ordinal);
            }
        }
    }

    [CommandFact]
    public void Another_image_or_root_ends_with_3_and_no_byte_of_the_witness_has_left()
    {
        string folder = Places.Scratch("rct");
        using RecordingRelay relay = new(Path.Combine(folder, "r"), enclave.Address["unix:".Length..]);
        string[] command = ["prove", "-a", $"unix:{relay.Path}", "-b", Tiny!.Program, "-w", Tiny.WitnessPath, "-o", "out"];
        string[][] wrong =
        [
            ["--root", enclave.RootCertificate, "--pcr0", new string('2', 96)],
            ["--pcr0", Convert.ToHexString(RunningEnclave.Pcr0)], // against AWS's root
        ];
        foreach (string[] trust in wrong)
        {
            (int code, string output, string error) = Tool.Enclave(folder, [.. command, .. trust]);
            Assert.Equal((3, ""), (code, output));
            Assert.StartsWith("enclave: error: attestation refused: ", error, StringComparison.Ordinal);
            Assert.Contains("enclave: hint: ", error, StringComparison.Ordinal);
        }

        Assert.NotEmpty(relay.Carried);
        Assert.False(relay.HasCarriedAny(Tiny.Witness));
        Assert.InRange(relay.Carried.Length, 1, 16_000); // two documents
        Assert.False(Directory.Exists(Path.Combine(folder, "out")));

        (int done, _, _) = Tool.Enclave(folder, [.. command, .. Trusting]);
        Assert.Equal(0, done);
        Assert.False(relay.HasCarriedAny(Tiny.Witness));
        (done, _, _) = Tool.Enclave(folder, [.. command, "--insecure"]);
        Assert.Equal(0, done);
        Assert.True(relay.HasCarriedAny(Tiny.Witness)); // so that this test can fail
    }

    [CommandFact]
    public void Health_says_the_same_to_people_and_to_programs()
    {
        JsonElement health = Json("enclave health", enclave.Folder, "--json");
        Assert.Equal("ready", health.GetProperty("Stages").EnumerateArray().Last().GetProperty("Name").GetString());
        Assert.Equal(1, health.GetProperty("Nsm").GetProperty("Opens").GetInt32());
        Assert.Equal(96, health.GetProperty("ConfigurationDigest").GetString()!.Length);
        (int code, string output, string error) = Ask(enclave.Folder, ["health"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"module {health.GetProperty("ModuleId").GetString()}\n", output, StringComparison.Ordinal);
    }

    [CommandFact]
    public void What_whoever_answers_writes_a_terminal_does_not_obey()
    {
        const string Evil = "\e[2K\rproof            verified\e]52;c;\a\u009b", Shown = "\\u001b[2K\\u000dproof            verified\\u001b]52;c;\\u0007\\u009b";
        using ForgedEnclave refusing = new(_ => (FrameKind.Error, ReplyCodec.Encode(ErrorReply.Of(ErrorCode.Internal, Evil))));
        (int code, string output, string error) = Tool.Enclave(enclave.Folder, "health", "-a", refusing.Address);
        Assert.Equal((1, "", $"enclave: error: hello: Internal: {Shown}\n"), (code, output, error));

        using EnclaveClient real = enclave.Connect();
        HelloReply hello = real.HelloAsync().GetAwaiter().GetResult() with { Server = Evil };
        HealthReply health = real.HealthAsync().GetAwaiter().GetResult();
        using ForgedEnclave answering = new(request => (FrameKind.Reply, ReplyCodec.Encode(request is HelloRequest ? hello : health)));
        (code, output, error) = Tool.Enclave(enclave.Folder, "health", "-a", answering.Address);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith($"server           {Shown} ", output, StringComparison.Ordinal);
    }

    [CommandFact]
    public void An_attestation_is_verified_under_the_policy_and_kept()
    {
        string folder = Places.Scratch($"{nameof(RemoteCommandTests)}/attest"), right = Convert.ToHexString(RunningEnclave.Pcr0);
        string[] arguments = ["--root", enclave.RootCertificate, "-o", "document", "--json"];
        JsonElement report = Json("enclave attest", folder, ["--pcr0", right, .. arguments]);
        Assert.Equal("ConfiguredRoot", report.GetProperty("Trust").GetString());
        Assert.Equal("passed", report.GetProperty("Steps").EnumerateArray().Single(s => s.GetProperty("Name").GetString() == "nonce").GetProperty("Outcome").GetString());
        (int code, string output, string error) = Tool.Enclave(folder, ["verify-attestation", "document", "--root", enclave.RootCertificate, "--json"]);
        Assert.Equal((0, ""), (code, error));
        CommandReference.AssertNames("enclave verify-attestation", output);

        (code, output, error) = Ask(folder, ["attest", "--root", enclave.RootCertificate, "--pcr0", right.Replace("11", "22", StringComparison.Ordinal)]);
        Assert.Equal(3, code);
        Assert.StartsWith("verdict          REFUSED\n", output, StringComparison.Ordinal);
        Assert.StartsWith("enclave: error: attestation refused: measurements: ", error, StringComparison.Ordinal);

        (code, output, error) = Ask(folder, ["attest"]);
        Assert.Equal(3, code);
        Assert.StartsWith("verdict          REFUSED\n", output, StringComparison.Ordinal);
        Assert.Contains("enclave: error: attestation refused: root: ", error, StringComparison.Ordinal);
        Assert.EndsWith("enclave: hint: --root FILE trusts a development PKI in place of AWS\n", error, StringComparison.Ordinal);
    }

    [CommandFact]
    public void What_the_enclave_refuses_ends_with_1_and_what_it_is_too_slow_for_with_4()
    {
        string folder = Places.Scratch($"{nameof(RemoteCommandTests)}/refused");
        File.WriteAllText(Path.Combine(folder, "text"), "neither witness nor key nor proof");
        (int code, string output, string error) = Ask(folder, ["prove", "--insecure", "-b", Tiny!.Program, "-w", "text", "-o", "out"]);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("enclave: error: prove: Malformed: read witness: ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "out")));

        (code, output, error) = Ask(folder, ["prove", "--insecure", "-b", Tiny.Program, "-w", Tiny.WitnessPath, "-o", "out", "--deadline-ms", "1"]);
        Assert.Equal((4, ""), (code, output));
        Assert.Contains("enclave: error: prove: Deadline: ", error, StringComparison.Ordinal);
    }

    [CommandFact]
    public void Shutdown_says_what_is_in_flight_and_the_enclave_ends()
    {
        using RunningEnclave other = new();
        (int code, string output, string error) = Tool.Enclave(other.Folder, "shutdown", "--address", other.Address, "--json");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(0, CommandReference.AssertNames("enclave shutdown", output).GetProperty("Draining").GetInt32());
        other.WaitForExit();
        (code, output, error) = Tool.Enclave(other.Folder, "shutdown", "--address", other.Address);
        Assert.Equal((4, ""), (code, output));
        Assert.StartsWith("enclave: error: connect to unix:", error, StringComparison.Ordinal);
    }

    private JsonElement Json(string command, string folder, params string[] arguments)
    {
        (int code, string output, string error) = Ask(folder, [command.Split(' ')[1], .. arguments]);
        Assert.True(code == 0, error);
        return CommandReference.AssertNames(command, output);
    }

    private (int Code, string Output, string Error) Ask(string folder, string[] arguments) =>
        Tool.Enclave(folder, [.. arguments, "--address", enclave.Address]);
}
