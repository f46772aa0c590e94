using System.Diagnostics;
using System.Text.Json;
using Init.Simulator.SoftwareNsm;
using Init.Testing;

namespace Init.Parent.Tests;

/// <summary>The documents of the commands that need no enclave. What they do is tested in their rooms' projects.</summary>
public sealed class JsonTests
{
    [Fact]
    public void Every_command_with_json_stands_in_the_documentation() => Assert.Equal(
        CommandTreeTests.Commands().Where(c => c.Command.Options.Any(o => o.Name == "--json")).Select(c => c.Path).Order(),
        CommandReference.JsonNames.Keys.Order());

    [EnclaveFact]
    public void Of_images()
    {
        string folder = Places.Scratch($"{nameof(JsonTests)}/images");
        File.WriteAllBytes(Path.Combine(folder, "program"), new byte[5000]);
        Tool.Run(folder, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-sha384", "-keyout", "key.pem", "-out", "certificate.pem", "-subj", "/CN=test", "-days", "2");
        Check("enclave image build", 0, "--kernel", Path.Combine(Places.Root, "out/kernel/bzImage"), "--init", "program", "-o", "a.eif");
        Check("enclave image describe", 0, "a.eif");
        Check("enclave image measure", 0, "a.eif");
        Check("enclave image verify", 0, "a.eif");
        Check("enclave image sign", 0, "a.eif", "-o", "b.eif", "--signing-key", "key.pem", "--signing-certificate", "certificate.pem");
        Check("enclave image diff", 1, "a.eif", "b.eif");

        void Check(string command, int expected, params string[] arguments)
        {
            (int code, string output, string error) = Tool.Enclave(folder, [.. command.Split(' ')[1..], .. arguments, "--json"]);
            Assert.True(code == expected, error);
            CommandReference.AssertNames(command, output);
        }
    }

    [CommandFact]
    public void Of_the_prover_without_an_enclave()
    {
        string folder = Places.Scratch($"{nameof(JsonTests)}/local");
        TestCircuit tiny = TestCircuit.Named("tiny");
        JsonElement proof = Check("enclave local prove", "-b", tiny.Program, "-w", tiny.WitnessPath, "-o", "proof");
        JsonElement gates = Check("enclave local gates", "-b", tiny.Program);
        Assert.Equal(gates.GetProperty("Gates").GetInt64(), proof.GetProperty("Gates").GetInt64());
        Check("enclave local vk", "-b", tiny.Program, "-o", "key");
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "proof/vk")), File.ReadAllBytes(Path.Combine(folder, "key/vk")));
        Assert.True(Check("enclave local verify", "-k", "key/vk", "-p", "proof/proof", "-i", "proof/public_inputs").GetProperty("IsValid").GetBoolean());

        JsonElement Check(string command, params string[] arguments)
        {
            (int code, string output, string error) = Tool.Enclave(folder, [.. command.Split(' ')[1..], .. arguments, "--crs", Places.CeremonyCrs, "--json"]);
            Assert.True(code == 0, error);
            return CommandReference.AssertNames(command, output);
        }
    }

    [EnclaveFact]
    public void Of_the_software_NSM_which_serves_until_Ctrl_C()
    {
        string folder = Places.Scratch("json-nsm");
        using Process process = Tool.Start(folder, EnclaveFactAttribute.Binary, "nsm", "socket", "--nsm-root", "root.pem", "--json");
        string output = "";
        while (process.StandardOutput.ReadLine() is { } line)
        {
            output += line;
            if (line == "}")
            {
                break;
            }
        }

        CommandReference.AssertNames("enclave nsm", output);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----\n", File.ReadAllText(Path.Combine(folder, "root.pem")), StringComparison.Ordinal);
        using (UnixSocketNsmDevice device = new(Path.Combine(folder, "socket"), UnixSocketNsmDevice.DriverTimeout))
        {
        }

        Tool.Interrupt(process);
        Assert.Equal(0, Tool.Finish(process).Code);
    }
}
