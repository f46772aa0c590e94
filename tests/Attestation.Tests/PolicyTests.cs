using Init.Testing;

namespace Init.Attestation.Tests;

/// <summary>Nonce, age, debug mode, PCRs.</summary>
public sealed class PolicyTests
{
    private readonly Forge _forge = new();

    [Fact]
    public void The_nonce_that_is_expected_is_accepted()
    {
        _forge.Nonce = Cbor.Bytes(Forge.SomeNonce);
        AttestationReport report = _forge.Verify(Forge.SomeNonce);
        Expect.Accepted(report, AttestationTrust.ConfiguredRoot);
        Assert.Equal(AttestationOutcome.Passed, Outcome(report, AttestationStep.Nonce));
    }

    [Fact]
    public void Another_nonce_or_none_is_refused()
    {
        Expect.Refused(_forge.Verify(Forge.SomeNonce), AttestationError.Nonce, "the document has none", AttestationStep.Nonce);
        foreach (byte[] nonce in (byte[][])[[.. Forge.SomeNonce[..31], 0], Forge.SomeNonce[..31], [.. Forge.SomeNonce, 0], []])
        {
            _forge.Nonce = Cbor.Bytes(nonce);
            Expect.Refused(_forge.Verify(Forge.SomeNonce), AttestationError.Nonce, "the document has another one", AttestationStep.Nonce);
        }
    }

    [Fact]
    public void Without_an_expected_nonce_the_step_is_skipped_and_says_so()
    {
        _forge.Nonce = Cbor.Bytes(Forge.SomeNonce);
        Assert.Equal(AttestationOutcome.Skipped, Outcome(_forge.Verify(), AttestationStep.Nonce));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(513)]
    public void A_nonce_that_is_too_short_to_be_one_or_too_long_cannot_be_expected(int bytes) =>
        Expect.Throws(AttestationError.Policy, $"a nonce of {bytes} bytes", () => _forge.Verify(new byte[bytes]));

    [Theory]
    [InlineData(16)]
    [InlineData(512)]
    public void A_nonce_at_the_limits_is_accepted(int bytes)
    {
        _forge.Nonce = Cbor.Bytes(new byte[bytes]);
        Expect.Accepted(_forge.Verify(new byte[bytes]), AttestationTrust.ConfiguredRoot);
    }

    [Theory]
    [InlineData(-300_000, true)]
    [InlineData(-300_001, false)]
    [InlineData(30_000, true)]
    [InlineData(30_001, false)]
    public void A_document_is_at_most_five_minutes_old_and_half_a_minute_ahead(int offsetMs, bool isAccepted)
    {
        _forge.Timestamp = Forge.Now.AddMilliseconds(offsetMs);
        AttestationReport report = _forge.Verify();
        if (isAccepted)
        {
            Expect.Accepted(report, AttestationTrust.ConfiguredRoot);
        }
        else
        {
            (AttestationError error, string text) = offsetMs < 0 ? (AttestationError.Stale, "300.001 s ago; the maximum is 300 s")
                : (AttestationError.FromTheFuture, "30.001 s ahead; clocks may differ by 30 s");
            Expect.Refused(report, error, text, AttestationStep.Timestamp);
        }
    }

    [Fact]
    public void Without_a_maximum_age_an_old_document_is_accepted_and_one_from_the_future_still_refused()
    {
        AttestationPolicy policy = _forge.Policy with { MaximumAge = null };
        _forge.Timestamp = Forge.Now.AddYears(-3);
        AttestationReport report = _forge.Verify(policy);
        Expect.Accepted(report, AttestationTrust.ConfiguredRoot);
        Assert.Equal(AttestationOutcome.Skipped, Outcome(report, AttestationStep.Timestamp));
        _forge.Timestamp = Forge.Now.AddMinutes(1);
        Expect.Refused(_forge.Verify(policy), AttestationError.FromTheFuture, "60 s ahead", AttestationStep.Timestamp);
    }

    [Fact]
    public void Debug_mode_is_refused_unless_allowed_and_then_labelled()
    {
        _forge.Pcrs[0] = new byte[48];
        Expect.Refused(_forge.Verify(), AttestationError.DebugMode, "DEBUG: PCR0 is zero", AttestationStep.Debug);
        AttestationReport report = _forge.Verify(_forge.Policy with { AllowDebug = true });
        Expect.Accepted(report, AttestationTrust.ConfiguredRoot);
        Assert.True(report.IsDebug);
        Assert.Equal(AttestationOutcome.Skipped, Outcome(report, AttestationStep.Debug));
    }

    [Fact]
    public void In_debug_mode_the_images_PCRs_are_refused()
    {
        _forge.Pcrs[0] = new byte[48];
        AttestationPolicy policy = _forge.Policy with { AllowDebug = true, Images = [Image("a", 0)] };
        Expect.Refused(_forge.Verify(policy), AttestationError.Measurements, "PCR0 is 000000", AttestationStep.Measurements);
    }

    [Fact]
    public void An_image_is_accepted_by_all_its_PCRs()
    {
        AttestationReport report = _forge.Verify(_forge.Policy with { Images = [Image("a", 0, 1, 2, 8)] });
        Expect.Accepted(report, AttestationTrust.ConfiguredRoot);
        Assert.Equal("PCR0, PCR1, PCR2, PCR8 of a", report.Steps[^1].Detail);
    }

    [Fact]
    public void An_image_with_one_PCR_of_another_is_refused()
    {
        Dictionary<int, PcrValue> mixed = new() { [0] = Value(0), [1] = Value(9) };
        AttestationPolicy policy = _forge.Policy with { Images = [new MeasuredImage("a", mixed)] };
        Expect.Refused(_forge.Verify(policy), AttestationError.Measurements, $"PCR1 is {Value(1)}, not that of a", AttestationStep.Measurements);
    }

    [Fact]
    public void One_of_several_images_is_enough_but_not_a_mixture_of_two()
    {
        MeasuredImage right = Image("right", 0, 1);
        MeasuredImage wrong = new("wrong", new Dictionary<int, PcrValue> { [0] = Value(9), [1] = Value(1) });
        MeasuredImage alsoWrong = new("also wrong", new Dictionary<int, PcrValue> { [0] = Value(0), [1] = Value(9) });
        Expect.Accepted(_forge.Verify(_forge.Policy with { Images = [wrong, right] }), AttestationTrust.ConfiguredRoot);
        Expect.Refused(
            _forge.Verify(_forge.Policy with { Images = [wrong, alsoWrong] }),
            AttestationError.Measurements,
            "not that of wrong, and 1 other images differ too",
            AttestationStep.Measurements);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void A_PCR_is_accepted_by_one_of_its_values_and_refused_without(int index)
    {
        _forge.Pcrs[index] = Forge.Pcr(index).ToArray();
        Expect.Accepted(_forge.Verify(Allowing(index, Value(20), Value(index))), AttestationTrust.ConfiguredRoot);
        string text = $"PCR{index} is {Value(index)}, which is not one of the 1 allowed";
        Expect.Refused(_forge.Verify(Allowing(index, Value(20))), AttestationError.Measurements, text, AttestationStep.Measurements);
    }

    [Fact]
    public void A_PCR_that_is_not_in_the_document_is_refused_even_where_zero_is_allowed()
    {
        PcrValue zero = PcrValue.Parse(new string('0', 96));
        Expect.Refused(_forge.Verify(Allowing(16, zero)), AttestationError.Measurements, "PCR16 is not in the document", AttestationStep.Measurements);
        AttestationPolicy policy = _forge.Policy with { Images = [new MeasuredImage("a", new Dictionary<int, PcrValue> { [16] = zero })] };
        Expect.Refused(_forge.Verify(policy), AttestationError.Measurements, "PCR16 is not in the document", AttestationStep.Measurements);
    }

    [Fact]
    public void Images_and_single_PCRs_must_both_be_right()
    {
        AttestationPolicy image = _forge.Policy with { Images = [Image("a", 0)] };
        Expect.Accepted(_forge.Verify(image with { Pcrs = Allowing(3, Value(3)).Pcrs }), AttestationTrust.ConfiguredRoot);
        Expect.Refused(
            _forge.Verify(image with { Pcrs = Allowing(3, Value(4)).Pcrs }), AttestationError.Measurements, "PCR3 is", AttestationStep.Measurements);
        Expect.Refused(
            _forge.Verify(Allowing(3, Value(3)) with { Images = [new MeasuredImage("b", new Dictionary<int, PcrValue> { [0] = Value(9) })] }),
            AttestationError.Measurements,
            "not that of b",
            AttestationStep.Measurements);
    }

    [Fact]
    public void A_policy_that_cannot_be_meant_is_refused()
    {
        AttestationPolicy policy = _forge.Policy;
        foreach ((AttestationPolicy wrong, string text) in (IEnumerable<(AttestationPolicy, string)>)[
            (policy with { Roots = [] }, "no root"),
            (policy with { Images = [Image("a")] }, "image a has no PCR"),
            (policy with { Images = [Image("a", 32)] }, "not one of 0 to 31"),
            (Allowing(-1, Value(0)), "not one of 0 to 31"),
            (Allowing(0), "without an allowed value"),
            (policy with { MaximumAge = TimeSpan.Zero }, "a maximum age"),
            (policy with { ClockSkew = TimeSpan.FromTicks(-1) }, "a negative clock skew"),
        ])
        {
            Expect.Throws(AttestationError.Policy, text, () => wrong.Verifier());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("g00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_PCR_is_refused(string hex) => Expect.Throws(AttestationError.Policy, "96 hexadecimal digits", () => PcrValue.Parse(hex));

    [Fact]
    public void A_PCR_is_equal_in_either_case() => Assert.Equal(PcrValue.Parse(Forge.PcrHex(1)), PcrValue.Parse(Forge.PcrHex(1).ToUpperInvariant()));

    [Fact]
    public void As_it_stands_a_policy_trusts_AWS_alone_and_allows_nothing_special()
    {
        AttestationPolicy policy = new();
        Assert.Equal([AttestationRoot.Aws], policy.Roots);
        Assert.False(policy.AllowDebug || policy.AllowUnsigned);
        Assert.Equal(TimeSpan.FromMinutes(5), policy.MaximumAge);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 8)]
    [InlineData(true, 1, 2)]
    [InlineData(true, 0, 3)]
    [InlineData(false)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(false, 1, 3, 4, 16)]
    public void A_policy_names_an_image_by_all_of_it_or_by_its_signer(bool namesImage, params int[] indices)
    {
        PcrValue value = PcrValue.Parse(Forge.PcrHex(1));
        Assert.Equal(namesImage, new AttestationPolicy { Pcrs = indices.ToDictionary(index => index, _ => (IReadOnlyList<PcrValue>)[value]) }.NamesImage);
        MeasuredImage image = new("image", indices.ToDictionary(index => index, _ => value)), whole = new("whole", new Dictionary<int, PcrValue> { [0] = value });
        Assert.Equal(namesImage, new AttestationPolicy { Images = [image] }.NamesImage);
        Assert.Equal(namesImage, new AttestationPolicy { Images = [whole, image] }.NamesImage);
    }

    [VectorsFact]
    public void AWSs_own_root_certificate_is_AWSs_root_by_whatever_name()
    {
        RealDocument document = RealDocument.All().First();
        byte[] der = document.Verify(document.Time).Claims.CaBundle[0].ToArray();
        Assert.Same(AttestationRoot.Aws, AttestationRoot.FromCertificate("mine", der));
    }

    [Fact]
    public void A_root_is_read_from_DER_and_from_PEM_and_nothing_else()
    {
        string pem = System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", _forge.RootCertificate);
        Assert.Equal(_forge.Root, AttestationRoot.FromCertificate("forged root", System.Text.Encoding.ASCII.GetBytes($"# a comment\n{pem}\n")));
        Assert.False(_forge.Root.IsAws);
        foreach ((string text, string cause) in (IEnumerable<(string, string)>)[
            ("", "not DER"),
            ("nonsense", "not DER"),
            (pem + "\n" + pem, "not one certificate"),
            (pem.Replace("CERTIFICATE", "PRIVATE KEY", StringComparison.Ordinal), "not one certificate"),
            (new string('x', 65_537), "too long"),
        ])
        {
            Expect.Throws(AttestationError.Policy, cause, () => AttestationRoot.FromCertificate("x", System.Text.Encoding.ASCII.GetBytes(text)));
        }

        byte[] leaf = _forge.Leaf.Make(_forge.Authorities[3]);
        Expect.Throws(AttestationError.Policy, "not a certificate authority's", () => AttestationRoot.FromCertificate("x", leaf));
    }

    private static AttestationOutcome Outcome(AttestationReport report, AttestationStep step) => report.Steps.Single(result => result.Step == step).Outcome;

    private static PcrValue Value(int index) => PcrValue.Parse(Forge.PcrHex(index));

    private static MeasuredImage Image(string name, params int[] indices) => new(name, indices.ToDictionary(index => index, Value));

    private AttestationPolicy Allowing(int index, params PcrValue[] values) =>
        _forge.Policy with { Pcrs = new Dictionary<int, IReadOnlyList<PcrValue>> { [index] = values } };
}
