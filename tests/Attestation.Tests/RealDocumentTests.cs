using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Init.Testing;

namespace Init.Attestation.Tests;

/// <summary>Documents that AWS's hardware made.</summary>
public sealed class RealDocumentTests
{
    private const int Changes = 5_000;

    [VectorsFact]
    public void There_are_several_and_one_is_in_debug_mode()
    {
        Assert.InRange(RealDocument.All().Count(), 4, 100);
        Assert.Single(RealDocument.All(), document => document.IsDebug);
    }

    [VectorsTheory]
    [MemberData(nameof(RealDocument.Names), MemberType = typeof(RealDocument))]
    public void It_is_accepted_at_its_time_under_AWSs_root(string name)
    {
        RealDocument document = RealDocument.Named(name);
        AttestationReport report = document.Verify(document.Time);
        Expect.Accepted(report, AttestationTrust.Aws);
        Assert.Equal(document.Time, report.Claims.Timestamp);
        Assert.Equal(document.IsDebug, report.IsDebug);
        Assert.Equal(16, report.Claims.Pcrs.Count);
        Assert.Equal(4, report.Claims.CaBundle.Count);
        AttestationStep[] mustPass = [.. Enum.GetValues<AttestationStep>().Where(step => step is not (AttestationStep.Nonce or AttestationStep.Debug or AttestationStep.Measurements))];
        Assert.Equal(mustPass, report.Steps.Where(step => step.Outcome == AttestationOutcome.Passed && step.Step != AttestationStep.Debug).Select(step => step.Step));
    }

    [VectorsTheory]
    [MemberData(nameof(RealDocument.Names), MemberType = typeof(RealDocument))]
    public void Tagged_it_is_accepted_too(string name)
    {
        RealDocument document = RealDocument.Named(name);
        Expect.Accepted(document.Verify([0xd2, .. document.Bytes], document.Time), AttestationTrust.Aws);
    }

    [VectorsTheory]
    [MemberData(nameof(RealDocument.Names), MemberType = typeof(RealDocument))]
    public void It_is_refused_one_second_after_its_leaf_expires_and_before_the_leaf_is_valid(string name)
    {
        RealDocument document = RealDocument.Named(name);
        AttestationPolicy policy = new() { AllowDebug = true, MaximumAge = null, ClockSkew = TimeSpan.FromDays(1) };
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(document.Verify(document.Time).Claims.Certificate.Span);
        DateTimeOffset from = leaf.NotBefore.ToUniversalTime();
        DateTimeOffset to = leaf.NotAfter.ToUniversalTime();
        Expect.Accepted(document.Verify(from, policy), AttestationTrust.Aws);
        Expect.Accepted(document.Verify(to, policy), AttestationTrust.Aws);
        Expect.Refused(document.Verify(to.AddSeconds(1), policy), AttestationError.Expired, "the leaf was valid until", AttestationStep.Validity);
        Expect.Refused(document.Verify(to.AddMilliseconds(1), policy), AttestationError.Expired, "the leaf was valid until", AttestationStep.Validity);
        Expect.Refused(document.Verify(from.AddSeconds(-1), policy), AttestationError.NotYetValid, "the leaf is valid from", AttestationStep.Validity);
    }

    [VectorsTheory]
    [MemberData(nameof(RealDocument.Names), MemberType = typeof(RealDocument))]
    public void Each_of_five_thousand_single_byte_changes_is_refused(string name)
    {
        RealDocument document = RealDocument.Named(name);
        AttestationPolicy policy = new() { AllowDebug = true, AllowUnsigned = true };
        AttestationVerifier verifier = new(policy, new ManualTime(document.Time));
        Random random = new(5);
        (int At, byte Flip)[] changes = [.. Enumerable.Range(0, Changes).Select(i => (
            i < document.Bytes.Length ? i : random.Next(document.Bytes.Length), // every byte, where there are fewer of them than changes
            (byte)random.Next(1, 256)))];
        ConcurrentBag<string> accepted = [];
        Parallel.ForEach(changes, change =>
        {
            byte[] changed = [.. document.Bytes];
            changed[change.At] ^= change.Flip;
            if (IsAccepted(verifier, changed))
            {
                accepted.Add($"byte {change.At} is {changed[change.At]:x2}");
            }
        });

        Assert.Empty(accepted);
        Assert.True(IsAccepted(verifier, document.Bytes));
    }

    [VectorsTheory]
    [MemberData(nameof(RealDocument.Names), MemberType = typeof(RealDocument))]
    public void Cut_off_at_any_byte_it_is_no_document(string name)
    {
        RealDocument document = RealDocument.Named(name);
        for (int length = 0; length < document.Bytes.Length; length++)
        {
            Expect.Throws(AttestationError.Malformed, "read attestation document", () => document.Verify(document.Bytes[..length], document.Time));
        }
    }

    [VectorsTheory]
    [MemberData(nameof(RealDocument.Names), MemberType = typeof(RealDocument))]
    public void It_is_refused_under_another_root(string name)
    {
        RealDocument document = RealDocument.Named(name);
        AttestationPolicy policy = new() { AllowDebug = true, Roots = [new Forge().Root] };
        Expect.Refused(document.Verify(document.Time, policy), AttestationError.UntrustedRoot, "is not trusted", AttestationStep.Root);
    }

    [VectorsFact]
    public void In_debug_mode_it_is_refused_unless_that_is_allowed_and_then_labelled()
    {
        RealDocument document = RealDocument.All().Single(d => d.IsDebug);
        Expect.Refused(document.Verify(document.Time, new AttestationPolicy()), AttestationError.DebugMode, "DEBUG: PCR0 is zero", AttestationStep.Debug);
        Assert.Contains("DEBUG            the parent reads", document.Verify(document.Time).ToText(), StringComparison.Ordinal);
    }

    private static bool IsAccepted(AttestationVerifier verifier, byte[] document)
    {
        try
        {
            return verifier.Verify(document).IsAccepted;
        }
        catch (AttestationException malformed)
        {
            Assert.Equal(AttestationError.Malformed, malformed.Error);
            return false;
        }
    }
}
