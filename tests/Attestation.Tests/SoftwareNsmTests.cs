using Init.Nsm;
using Init.Simulator.SoftwareNsm;
using Init.Testing;

namespace Init.Attestation.Tests;

/// <summary>Documents of the software NSM: signed by its development PKI, or unsigned as QEMU's.</summary>
public sealed class SoftwareNsmTests
{
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Its_document_is_accepted_under_its_root_and_refused_under_AWSs(bool isIndefinite)
    {
        (byte[] document, AttestationRoot root) = Make(Options() with { IsIndefiniteLength = isIndefinite });
        AttestationReport report = new AttestationVerifier(new AttestationPolicy { Roots = [root] }, _time).Verify(document, Nonce);
        Expect.Accepted(report, AttestationTrust.ConfiguredRoot);
        Assert.Contains("CONFIGURED in place of AWS's", report.ToText(), StringComparison.Ordinal);
        AttestationReport refused = new AttestationVerifier(new AttestationPolicy(), _time).Verify(document, Nonce);
        Expect.Refused(refused, AttestationError.UntrustedRoot, "is not trusted", AttestationStep.Root);
    }

    [Fact]
    public void Its_document_is_refused_one_second_after_the_leaf_expires()
    {
        (byte[] document, AttestationRoot root) = Make(Options());
        AttestationVerifier verifier = new(new AttestationPolicy { Roots = [root], MaximumAge = null }, _time);
        _time.Advance(TimeSpan.FromHours(3) - TimeSpan.FromSeconds(4));
        Expect.Accepted(verifier.Verify(document), AttestationTrust.ConfiguredRoot);
        _time.Advance(TimeSpan.FromSeconds(2));
        Expect.Refused(verifier.Verify(document), AttestationError.Expired, "the leaf was valid until", AttestationStep.Validity);
    }

    [Fact]
    public void An_unsigned_document_is_refused_without_the_permission()
    {
        (byte[] document, _) = Make(Options() with { IsUnsigned = true });
        AttestationReport report = new AttestationVerifier(new AttestationPolicy(), _time).Verify(document, Nonce);
        Expect.Refused(report, AttestationError.NotSigned, "UNSIGNED", AttestationStep.Algorithm, AttestationStep.Certificates);
        Assert.Contains("\nUNSIGNED         a simulator made this", report.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unsigned_document_is_accepted_with_the_permission_and_labelled_everywhere()
    {
        (byte[] document, _) = Make(Options() with { IsUnsigned = true });
        AttestationReport report = new AttestationVerifier(new AttestationPolicy { AllowUnsigned = true }, _time).Verify(document, Nonce);
        Expect.Accepted(report, AttestationTrust.NotSigned);
        Assert.True(report.IsUnsigned);
        Assert.Null(report.Root);
        Assert.Contains("\nUNSIGNED         a simulator made this", report.ToText(), StringComparison.Ordinal);
        Assert.Equal("UNSIGNED", ReportTests.Json(report).GetProperty("Trust").GetString());
        AttestationStep[] skipped = [.. report.Steps.Where(s => s.Detail.StartsWith("UNSIGNED", StringComparison.Ordinal)).Select(s => s.Step)];
        Assert.Equal(
            [AttestationStep.Algorithm, AttestationStep.Certificates, AttestationStep.Root, AttestationStep.Chain, AttestationStep.Validity, AttestationStep.Signature],
            skipped);
    }

    [Fact]
    public void The_permission_for_unsigned_documents_waives_the_signature_alone()
    {
        AttestationPolicy policy = new() { AllowUnsigned = true };
        (byte[] document, _) = Make(Options() with { IsUnsigned = true });
        AttestationVerifier verifier = new(policy, _time);
        Expect.Refused(verifier.Verify(document, [.. Nonce.Reverse()]), AttestationError.Nonce, "another one", AttestationStep.Nonce);
        _time.Advance(TimeSpan.FromMinutes(6));
        Expect.Refused(verifier.Verify(document, Nonce), AttestationError.Stale, "the maximum is 300 s", AttestationStep.Timestamp);
        (byte[] debug, _) = Make(new SoftwareNsmOptions { IsUnsigned = true });
        Expect.Refused(verifier.Verify(debug, Nonce), AttestationError.DebugMode, "DEBUG", AttestationStep.Debug);
    }

    [Fact]
    public void The_permission_for_unsigned_documents_waives_nothing_for_one_that_says_it_is_signed()
    {
        AttestationPolicy policy = new() { AllowUnsigned = true };
        (byte[] signed, _) = Make(Options());
        AttestationVerifier verifier = new(policy, _time);
        Expect.Refused(verifier.Verify(signed, Nonce), AttestationError.UntrustedRoot, "is not trusted", AttestationStep.Root);

        // QEMU's algorithm with a signature, and ES384 with zeros for one.
        Forge forge = new() { ProtectedHeader = [0xa1, 0x01, 0x20] };
        Expect.Refused(forge.Verify(forge.Policy with { AllowUnsigned = true }), AttestationError.Algorithm, "algorithm -1", AttestationStep.Algorithm);
        forge = new Forge { BendSignature = _ => new byte[96] };
        Expect.Refused(forge.Verify(forge.Policy with { AllowUnsigned = true }), AttestationError.Signature, "has not signed", AttestationStep.Signature);
    }

    private static SoftwareNsmOptions Options() => new() { Pcrs = new Dictionary<int, ReadOnlyMemory<byte>> { [0] = Forge.Pcr(0).ToArray() } };

    private (byte[] Document, AttestationRoot Root) Make(SoftwareNsmOptions options)
    {
        using SoftwareNsmDevice module = new(options, _time);
        byte[] request = Cbor.Map((Cbor.Text("Attestation"), Cbor.Map(
            (Cbor.Text("user_data"), Cbor.Null), (Cbor.Text("nonce"), Cbor.Bytes(Nonce)), (Cbor.Text("public_key"), Cbor.Null))));
        byte[] response = new byte[NsmLimits.ResponseBytes];
        int length = module.Exchange(request, response);
        Init.Wire.CborReader reader = new(response.AsSpan(0, length), Init.Wire.CborRules.WellFormed);
        reader.ReadMap();
        Assert.Equal("Attestation", reader.ReadText(32));
        reader.ReadMap();
        Assert.Equal("document", reader.ReadText(32));
        byte[] document = reader.ReadByteString().ToArray();
        return (document, options.IsUnsigned ? AttestationRoot.Aws : AttestationRoot.FromCertificate("development", module.RootCertificate.Span));
    }
}
