using System.Diagnostics;
using System.Text;
using Init.Attestation.Certificates;

namespace Init.Attestation.Tests;

/// <summary>No input gives anything but a report or the one exception, and no report that is not right accepts.</summary>
public sealed class FuzzTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    // The steps without which a document of a signing NSM is worth nothing.
    private static readonly AttestationStep[] MustPass =
    [
        AttestationStep.Document, AttestationStep.Algorithm, AttestationStep.Certificates, AttestationStep.Root, AttestationStep.Chain,
        AttestationStep.Validity, AttestationStep.Signature, AttestationStep.Timestamp, AttestationStep.Debug,
    ];

    [Fact]
    public void A_mutated_document_gives_a_report_or_the_exception_and_is_accepted_only_unchanged()
    {
        Forge forge = new();
        byte[][] seeds = [forge.Make(), new Forge { IsIndefinite = true, Prefix = [0xd2] }.Make(), Unsigned()];
        AttestationVerifier verifier = (forge.Policy with { AllowUnsigned = true }).Verifier();
        Random random = new(31);
        Stopwatch watch = Stopwatch.StartNew();
        Dictionary<string, int> outcomes = [];
        for (int i = 0; i < 6_000 && watch.Elapsed < Bound; i++)
        {
            byte[] document = Mutate(seeds[random.Next(seeds.Length)], random);
            string outcome = Outcome(verifier, document);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        string summary = string.Join(", ", outcomes);
        Assert.True(outcomes.ContainsKey("Malformed") && outcomes.ContainsKey("refused") && outcomes.ContainsKey("UNSIGNED"), summary);
    }

    [Fact]
    public void A_mutated_certificate_is_read_or_refused_with_the_one_exception()
    {
        Forge forge = new();
        byte[][] seeds = [forge.RootCertificate, forge.Leaf.Make(forge.Authorities[3])];
        Random random = new(32);
        Stopwatch watch = Stopwatch.StartNew();
        int read = 0, refused = 0;
        for (int i = 0; i < 20_000 && watch.Elapsed < Bound; i++)
        {
            byte[] certificate = Mutate(seeds[random.Next(seeds.Length)], random);
            try
            {
                NitroCertificate.Parse(certificate);
                read++;
            }
            catch (AttestationException e)
            {
                Assert.Equal(AttestationError.Certificate, e.Error);
                refused++;
            }
        }

        Assert.True(read > 20 && refused > 20, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_mutated_root_file_is_read_or_refused_with_the_one_exception()
    {
        string pem = System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", new Forge().RootCertificate);
        byte[] seed = Encoding.ASCII.GetBytes(pem);
        Random random = new(33);
        for (int i = 0; i < 2_000; i++)
        {
            try
            {
                AttestationRoot.FromCertificate("x", Mutate(seed, random));
            }
            catch (AttestationException e)
            {
                Assert.Equal(AttestationError.Policy, e.Error);
            }
        }
    }

    [Fact]
    public void Random_bytes_are_malformed()
    {
        Random random = new(34);
        AttestationVerifier verifier = new Forge().Policy.Verifier();
        for (int i = 0; i < 2_000; i++)
        {
            byte[] document = new byte[random.Next(300)];
            random.NextBytes(document);
            Assert.Equal("Malformed", Outcome(verifier, document));
        }
    }

    private static string Outcome(AttestationVerifier verifier, byte[] document)
    {
        try
        {
            AttestationReport report = verifier.Verify(document);
            Assert.NotEmpty(report.ToText());
            if (!report.IsAccepted)
            {
                return "refused";
            }

            if (report.Trust != AttestationTrust.NotSigned)
            {
                Assert.All(report.Steps, step => Assert.True(step.Outcome == AttestationOutcome.Passed || !MustPass.Contains(step.Step)));
            }

            return report.Trust == AttestationTrust.NotSigned ? "UNSIGNED" : "accepted";
        }
        catch (AttestationException e)
        {
            return e.Error.ToString();
        }
    }

    /// <summary>What QEMU makes: its algorithm, zeros for signature and certificates.</summary>
    private static byte[] Unsigned() => new Forge
    {
        ProtectedHeader = [0xa1, 0x01, 0x20],
        BendSignature = _ => new byte[64],
        BendBundle = _ => [new byte[64]],
    }.Make();

    private static byte[] Mutate(byte[] seed, Random random)
    {
        byte[] bytes = [.. seed];
        for (int mutations = random.Next(1, 4); mutations > 0 && bytes.Length > 0; mutations--)
        {
            int at = random.Next(bytes.Length);
            int end = Math.Min(bytes.Length, at + random.Next(1, 30));
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 or 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes = [.. bytes[..at], .. bytes[end..]];
                    break;
                default:
                    bytes = [.. bytes[..at], .. bytes[at..end], .. bytes[at..]];
                    break;
            }
        }

        return bytes;
    }
}
