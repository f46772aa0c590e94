using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Init.Testing;

namespace Init.Attestation.Tests;

/// <summary>Two others judge the same documents: Node's cryptography (oracle.mjs) and the openssl command.</summary>
public sealed class OracleTests
{
    private sealed record Question(byte[] Document, AttestationRoot Root, DateTimeOffset At, bool IsExpectedToHold);

    [ProgramFact("node")]
    public void Node_says_the_same_of_forged_documents()
    {
        List<Question> questions = [.. Forged()];
        Assert.Equal(questions.Select(question => question.IsExpectedToHold), questions.Select(Ours));
        Assert.Equal(questions.Select(question => question.IsExpectedToHold), Node(questions));
    }

    [ProgramVectorsFact("node")]
    public void Node_says_the_same_of_real_documents_and_of_changed_ones()
    {
        Random random = new(41);
        List<Question> questions = [];
        foreach (RealDocument document in RealDocument.All())
        {
            questions.Add(new Question(document.Bytes, AttestationRoot.Aws, document.Time, true));
            questions.Add(new Question(document.Bytes, AttestationRoot.Aws, document.Time.AddHours(4), false));
            questions.Add(new Question(document.Bytes, new Forge().Root, document.Time, false));
            for (int i = 0; i < 40; i++)
            {
                byte[] changed = [.. document.Bytes];
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                questions.Add(new Question(changed, AttestationRoot.Aws, document.Time, false));
            }
        }

        Assert.Equal(questions.Select(question => question.IsExpectedToHold), questions.Select(Ours));
        Assert.Equal(questions.Select(question => question.IsExpectedToHold), Node(questions));
    }

    [ProgramVectorsFact("openssl")]
    public void Openssl_accepts_the_real_chains_and_signatures_at_their_time_and_not_after()
    {
        foreach (RealDocument document in RealDocument.All())
        {
            string folder = Places.Scratch($"{nameof(OracleTests)}/{document.Name}");
            AttestationPayload claims = document.Verify(document.Time).Claims;
            WritePem(folder, "root", claims.CaBundle[0]);
            File.WriteAllText(
                Path.Combine(folder, "bundle.pem"),
                string.Join('\n', claims.CaBundle.Skip(1).Select(der => PemEncoding.WriteString("CERTIFICATE", der.Span))));
            WritePem(folder, "leaf", claims.Certificate);
            Assert.Equal(0, VerifyChain(folder, document.Time));
            Assert.NotEqual(0, VerifyChain(folder, document.Time.AddHours(4)));

            Cose.CoseSign1 envelope = Cose.CoseSign1.Parse(document.Bytes);
            File.WriteAllBytes(Path.Combine(folder, "signed"), envelope.ToBeSigned());
            File.WriteAllBytes(Path.Combine(folder, "signature"), Der(envelope.Signature.Span));
            Assert.Equal(0, Run("openssl", "", "x509", "-in", $"{folder}/leaf.pem", "-pubkey", "-noout", "-out", $"{folder}/key.pem").Code);
            Assert.Equal(0, VerifySignature(folder));
            File.AppendAllText(Path.Combine(folder, "signed"), "x");
            Assert.NotEqual(0, VerifySignature(folder));
        }
    }

    private static IEnumerable<Question> Forged()
    {
        yield return Ask(new Forge(), true);
        yield return Ask(new Forge { IsIndefinite = true, Prefix = [0xd2] }, true);
        yield return Ask(new Forge { ProtectedHeader = [0xa1, 0x01, 0x26] }, false);
        yield return Ask(new Forge { Unprotected = Forge.Es384Header }, false);
        yield return Ask(new Forge { Suffix = [0] }, false);
        yield return Ask(new Forge { BendSignature = s => [.. s.Reverse()] }, false);
        yield return Ask(new Forge { BendBundle = b => [b[0], b[2], b[1], b[3]] }, false);
        yield return Ask(new Forge { BendBundle = b => b[..3] }, false);
        yield return Ask(new Forge { BendFields = fields => fields.Add(("nonce", Cbor.Null)) }, false);
        yield return Ask(Bent(forge => forge.Authorities[2].IssuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP384)), false);
        yield return Ask(Bent(forge => forge.Leaf.IssuerKey = forge.Leaf.Key), false);
        yield return Ask(Bent(forge => forge.Authorities[2].AsLeaf()), false);
        yield return Ask(Bent(forge => forge.Authorities[3].To = Forge.Now.AddSeconds(-1)), false);
        yield return Ask(Bent(forge => forge.Leaf.From = Forge.Now.AddSeconds(1)), false);
    }

    private static Forge Bent(Action<Forge> bend)
    {
        Forge forge = new();
        bend(forge);
        return forge;
    }

    private static Question Ask(Forge forge, bool holds) => new(forge.Make(), forge.Root, Forge.Now, holds);

    private static bool Ours(Question question)
    {
        try
        {
            AttestationPolicy policy = new() { Roots = [question.Root], AllowDebug = true };
            return new AttestationVerifier(policy, new ManualTime(question.At)).Verify(question.Document).IsAccepted;
        }
        catch (AttestationException)
        {
            return false;
        }
    }

    private static bool[] Node(IEnumerable<Question> questions)
    {
        string input = JsonSerializer.Serialize(questions.Select(question => new
        {
            document = Convert.ToHexStringLower(question.Document),
            root = question.Root.Sha256,
            at = question.At.ToUnixTimeMilliseconds(),
        }));
        (int code, string output) = Run("node", input, Path.Combine(Places.Root, "tests/Attestation.Tests/oracle.mjs"));
        Assert.Equal(0, code);
        return [.. JsonSerializer.Deserialize<JsonElement[]>(output)!.Select(verdict => verdict.ValueKind == JsonValueKind.True)];
    }

    private static int VerifyChain(string folder, DateTimeOffset at) => Run(
        "openssl",
        "",
        "verify",
        "-no-CApath",
        "-no-CAstore",
        "-attime",
        at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        "-CAfile",
        $"{folder}/root.pem",
        "-untrusted",
        $"{folder}/bundle.pem",
        $"{folder}/leaf.pem").Code;

    private static int VerifySignature(string folder) =>
        Run("openssl", "", "dgst", "-sha384", "-verify", $"{folder}/key.pem", "-signature", $"{folder}/signature", $"{folder}/signed").Code;

    private static byte[] Der(ReadOnlySpan<byte> signature)
    {
        System.Formats.Asn1.AsnWriter writer = new(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new System.Numerics.BigInteger(signature[..48], true, true));
            writer.WriteInteger(new System.Numerics.BigInteger(signature[48..], true, true));
        }

        return writer.Encode();
    }

    private static void WritePem(string folder, string name, ReadOnlyMemory<byte> der) =>
        File.WriteAllText(Path.Combine(folder, $"{name}.pem"), PemEncoding.WriteString("CERTIFICATE", der.Span));

    private static (int Code, string Output) Run(string program, string input, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }
}
