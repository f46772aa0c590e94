using System.Globalization;
using Init.Attestation.Certificates;
using Init.Attestation.Cose;

namespace Init.Attestation;

/// <summary>One document on its way through the steps. Each step that can be judged is, whatever became of those before it.</summary>
/// <remarks>Used by one thread, once.</remarks>
internal sealed class Verification
{
    private readonly AttestationPolicy _policy;
    private readonly DateTimeOffset _now;
    private readonly CoseSign1 _envelope;
    private readonly AttestationPayload _payload;
    private readonly bool _isUnsigned;
    private readonly List<AttestationStepResult> _results = [];

    private Verification(AttestationPolicy policy, DateTimeOffset now, CoseSign1 envelope, AttestationPayload payload)
    {
        _policy = policy;
        _now = now;
        _envelope = envelope;
        _payload = payload;
        _isUnsigned = envelope.IsUnsigned;
    }

    public static AttestationReport Run(AttestationPolicy policy, DateTimeOffset now, ReadOnlySpan<byte> document, byte[]? expectedNonce)
    {
        CoseSign1 envelope = CoseSign1.Parse(document);
        return new Verification(policy, now, envelope, PayloadReader.Read(envelope.Payload)).Run(expectedNonce);
    }

    private AttestationReport Run(byte[]? expectedNonce)
    {
        string tag = _envelope.IsTagged ? "tagged" : "untagged";
        string map = _payload.IsIndefinite ? "indefinite" : "definite";
        Pass(AttestationStep.Document, $"COSE_Sign1, {tag}, {_envelope.DocumentBytes} bytes, payload a map of {map} length");
        AttestationRoot? root = _isUnsigned && _policy.AllowUnsigned ? SkipSigner() : CheckSigner();
        CheckTimestamp();
        CheckNonce(expectedNonce);
        CheckDebug();
        CheckMeasurements();
        return new AttestationReport(_payload, _now, _results, root, _isUnsigned);
    }

    private AttestationRoot? SkipSigner()
    {
        for (AttestationStep step = AttestationStep.Algorithm; step <= AttestationStep.Signature; step++)
        {
            Skip(step, "UNSIGNED: a simulator's document, allowed by the policy");
        }

        return null;
    }

    private AttestationRoot? CheckSigner()
    {
        CheckAlgorithm();
        CertificateChain? chain = ReadCertificates();
        if (chain is null)
        {
            foreach (AttestationStep step in (ReadOnlySpan<AttestationStep>)[
                AttestationStep.Root, AttestationStep.Chain, AttestationStep.Validity, AttestationStep.Signature])
            {
                Skip(step, "no certificates to go by");
            }

            return null;
        }

        AttestationRoot? root = CheckRoot(chain);
        Judge(AttestationStep.Chain, AttestationError.Chain, chain.WhyBroken(), $"{chain.Certificates.Count} certificates, each signed by the one above it");
        CheckValidity(chain);
        Judge(
            AttestationStep.Signature,
            AttestationError.Signature,
            chain.Leaf.Key.HasSigned(_envelope.ToBeSigned(), _envelope.Signature.Span) ? null : "the leaf's key has not signed this document",
            "ES384 by the leaf's key");
        return root;
    }

    private void CheckAlgorithm()
    {
        AttestationError error = _isUnsigned ? AttestationError.NotSigned : AttestationError.Algorithm;
        string? problem = _isUnsigned ? "UNSIGNED: a simulator's document, which anybody can make"
            : _envelope.Algorithm == CoseSign1.Es384 ? null
            : _envelope.Algorithm is { } other ? string.Create(CultureInfo.InvariantCulture, $"algorithm {other}, not {CoseSign1.Es384} (ES384)")
            : "the protected header is not an algorithm alone";
        Judge(AttestationStep.Algorithm, error, problem, "ES384");
    }

    private CertificateChain? ReadCertificates()
    {
        try
        {
            CertificateChain chain = CertificateChain.Parse(_payload);
            Pass(AttestationStep.Certificates, $"{chain.Certificates.Count - 1} in the bundle, and the leaf");
            return chain;
        }
        catch (AttestationException unreadable) when (unreadable.Error == AttestationError.Certificate)
        {
            Fail(AttestationStep.Certificates, AttestationError.Certificate, unreadable.Message);
            return null;
        }
    }

    private AttestationRoot? CheckRoot(CertificateChain chain)
    {
        string carried = chain.Root.Sha256;
        AttestationRoot? root = _policy.Roots.FirstOrDefault(trusted => trusted.Sha256 == carried);
        string origin = root is { IsAws: false } ? ", CONFIGURED in place of AWS's" : "";
        Judge(AttestationStep.Root, AttestationError.UntrustedRoot, root is null ? $"{carried} is not trusted" : null, $"{root?.Name}{origin}, SHA-256 {carried}");
        return root;
    }

    private void CheckValidity(CertificateChain chain)
    {
        for (int level = 0; level < chain.Certificates.Count; level++)
        {
            NitroCertificate certificate = chain.Certificates[level];
            string name = chain.Name(level);
            if (_now < certificate.NotBefore)
            {
                Fail(AttestationStep.Validity, AttestationError.NotYetValid, $"{name} is valid from {certificate.NotBefore.Text()}, it is {_now.Text()}");
                return;
            }

            // RFC 5280 section 4.1.2.5: through notAfter, inclusive.
            if (_now > certificate.NotAfter)
            {
                Fail(AttestationStep.Validity, AttestationError.Expired, $"{name} was valid until {certificate.NotAfter.Text()}, it is {_now.Text()}");
                return;
            }
        }

        Pass(AttestationStep.Validity, $"all are valid at {_now.Text()}, until {chain.Certificates.Min(c => c.NotAfter).Text()}");
    }

    private void CheckTimestamp()
    {
        TimeSpan age = _now - _payload.Timestamp;
        string made = _payload.Timestamp.Text();
        if (age < -_policy.ClockSkew)
        {
            Fail(AttestationStep.Timestamp, AttestationError.FromTheFuture, $"made at {made}, {(-age).Text()} ahead; clocks may differ by {_policy.ClockSkew.Text()}");
        }
        else if (_policy.MaximumAge is not { } limit)
        {
            Skip(AttestationStep.Timestamp, $"made at {made}, {age.Text()} ago; no maximum age was asked for");
        }
        else if (age > limit)
        {
            Fail(AttestationStep.Timestamp, AttestationError.Stale, $"made at {made}, {age.Text()} ago; the maximum is {limit.Text()}");
        }
        else
        {
            Pass(AttestationStep.Timestamp, $"made at {made}, {age.Text()} ago; the maximum is {limit.Text()}");
        }
    }

    private void CheckNonce(byte[]? expected)
    {
        if (expected is null)
        {
            Skip(AttestationStep.Nonce, "none was expected: the document may have been made for somebody else");
            return;
        }

        string? problem = _payload.Nonce is not { } nonce ? "the document has none"
            : nonce.Span.SequenceEqual(expected) ? null
            : "the document has another one";
        Judge(AttestationStep.Nonce, AttestationError.Nonce, problem, $"the {expected.Length} bytes that were expected");
    }

    private void CheckDebug()
    {
        if (!_payload.Pcrs[0].IsZero)
        {
            Pass(AttestationStep.Debug, "PCR0 is not zero");
        }
        else if (_policy.AllowDebug)
        {
            Skip(AttestationStep.Debug, "DEBUG: PCR0 is zero, allowed by the policy");
        }
        else
        {
            Fail(AttestationStep.Debug, AttestationError.DebugMode, "DEBUG: PCR0 is zero, the parent reads the enclave's console");
        }
    }

    private void CheckMeasurements()
    {
        if (_policy.Images.Count == 0 && _policy.Pcrs.Count == 0)
        {
            Skip(AttestationStep.Measurements, "no PCRs were asked for: any image is accepted");
            return;
        }

        (string? problem, string passed) = Measurements.Compare(_policy, _payload.Pcrs);
        Judge(AttestationStep.Measurements, AttestationError.Measurements, problem, passed);
    }

    private void Judge(AttestationStep step, AttestationError error, string? problem, string otherwise)
    {
        if (problem is null)
        {
            Pass(step, otherwise);
        }
        else
        {
            Fail(step, error, problem);
        }
    }

    private void Pass(AttestationStep step, string detail) => _results.Add(new(step, AttestationOutcome.Passed, detail));

    private void Skip(AttestationStep step, string detail) => _results.Add(new(step, AttestationOutcome.Skipped, detail));

    private void Fail(AttestationStep step, AttestationError error, string detail) => _results.Add(new(step, AttestationOutcome.Failed, detail, error));
}
