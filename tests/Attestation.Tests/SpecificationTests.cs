using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Init.Attestation.Certificates;
using Init.Attestation.Cose;
using Init.Testing;

namespace Init.Attestation.Tests;

/// <summary>docs/attestation-verification.md, compared with its example and with the code.</summary>
public sealed partial class SpecificationTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 13, 25, 0, TimeSpan.Zero);
    private static readonly string Docs = Path.Combine(Places.Root, "docs");
    private static readonly string Text = File.ReadAllText(Path.Combine(Docs, "attestation-verification.md")).ReplaceLineEndings("\n");
    private static readonly byte[] Example = File.ReadAllBytes(Path.Combine(Docs, "attestation/example.bin"));
    private static readonly AttestationRoot Root = AttestationRoot.FromCertificate("example", File.ReadAllBytes(Path.Combine(Docs, "attestation/example-root.pem")));

    [Fact]
    public void The_example_is_accepted_as_the_text_says()
    {
        Assert.Contains($"{Example.Length} bytes, accepted at {At:yyyy-MM-dd'T'HH:mm:ss'Z'}", Text, StringComparison.Ordinal);
        Assert.Contains($"--at {At:yyyy-MM-dd'T'HH:mm:ss'Z'}", Text, StringComparison.Ordinal);
        Assert.Contains($"SHA-256 `{Root.Sha256}`", Text, StringComparison.Ordinal);
        byte[] nonce = Convert.FromHexString(Nonce().Match(Text).Groups[1].Value);
        AttestationVerifier verifier = new(new AttestationPolicy { Roots = [Root] }, new ManualTime(At));
        AttestationReport report = verifier.Verify(Example, nonce);
        Expect.Accepted(report, AttestationTrust.ConfiguredRoot);
        Assert.True(report.Claims.IsIndefinite);
        Assert.Contains($"{report.Claims.Timestamp.ToUnixTimeMilliseconds()}, {report.Claims.Timestamp:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_row_of_bytes_is_in_the_example_at_its_offset()
    {
        MatchCollection rows = ByteRow().Matches(Text);
        Assert.InRange(rows.Count, 30, 60);
        foreach (Match row in rows)
        {
            int offset = int.Parse(row.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            string expected = row.Groups[2].Value.Replace(" ", "", StringComparison.Ordinal);
            Assert.Equal($"{offset}: {expected}", $"{offset}: {Convert.ToHexStringLower(Example.AsSpan(offset, expected.Length / 2))}");
        }
    }

    [Fact]
    public void What_is_signed_has_the_parts_and_the_hash_of_the_text()
    {
        CoseSign1 envelope = CoseSign1.Parse(Example);
        byte[] toBeSigned = envelope.ToBeSigned();
        string hex = Convert.ToHexStringLower(toBeSigned);
        Assert.StartsWith(Part("array of four, `Signature1`") + Part("protected header") + Part("no external data") + "590dbf", hex, StringComparison.Ordinal);
        Assert.Contains($"payload, {envelope.Payload.Length} bytes | `590dbf`, then bytes 10 to 3528", Text, StringComparison.Ordinal);
        Assert.Equal(Example[10..3529], envelope.Payload.ToArray());
        Assert.Equal(Part($"SHA-384 of all {toBeSigned.Length} bytes"), Convert.ToHexStringLower(SHA384.HashData(toBeSigned)));
        Assert.Equal(Part("r") + Part("s"), Convert.ToHexStringLower(envelope.Signature.Span));

        // The numbers of the text verify by themselves.
        using ECDsa key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP384,
            Q = new ECPoint { X = Convert.FromHexString(Part("the leaf's key, x")), Y = Convert.FromHexString(Part("the leaf's key, y")) },
        });
        byte[] hash = Convert.FromHexString(Part($"SHA-384 of all {toBeSigned.Length} bytes"));
        Assert.True(key.VerifyHash(hash, Convert.FromHexString(Part("r") + Part("s"))));
        Assert.True(NitroCertificate.Parse(Example.AsMemory(932, 505)).Key.HasSigned(toBeSigned, envelope.Signature.Span));
    }

    [Fact]
    public void The_limits_are_the_codes()
    {
        Dictionary<string, int> limits = new()
        {
            ["module_id"] = AttestationLimits.MaxModuleIdBytes,
            ["pcrs"] = AttestationLimits.PcrBytes,
            ["certificate"] = AttestationLimits.MaxCertificateBytes,
            ["cabundle"] = AttestationLimits.MaxCertificateBytes,
            ["public_key"] = AttestationLimits.MaxPublicKeyBytes,
            ["user_data"] = AttestationLimits.MaxUserDataBytes,
            ["nonce"] = AttestationLimits.MaxNonceBytes,
        };
        foreach ((string field, int limit) in limits)
        {
            Assert.Matches($@"\n\| `{field}` \| [^|]* \| {limit} \|", Text);
        }

        AttestationPolicy policy = new();
        Assert.Contains($"at most {AttestationLimits.MaxDocumentBytes} bytes", Text, StringComparison.Ordinal);
        Assert.Contains($"1 to {AttestationLimits.MaxBundleCertificates} |", Text, StringComparison.Ordinal);
        Assert.Contains($"indices 0 to {AttestationLimits.Pcrs - 1},", Text, StringComparison.Ordinal);
        Assert.Contains($"a byte string of {AttestationLimits.SignatureBytes} bytes", Text, StringComparison.Ordinal);
        Assert.Contains($"{AttestationLimits.MinNonceBytes} bytes or more", Text, StringComparison.Ordinal);
        Assert.Contains($"at most {policy.MaximumAge!.Value.TotalSeconds} s old", Text, StringComparison.Ordinal);
        Assert.Contains($"at most {policy.ClockSkew.TotalSeconds} s ahead", Text, StringComparison.Ordinal);
        Assert.Contains($"`{AttestationRoot.Aws.Sha256}`", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_steps_and_their_errors_are_the_codes()
    {
        MatchCollection rows = StepRow().Matches(Text);
        Assert.Equal(Enum.GetValues<AttestationStep>().Select(step => step.ToString().ToLowerInvariant()), rows.Select(row => row.Groups[1].Value));
        IEnumerable<string> errors = rows.SelectMany(row => Quoted().Matches(row.Groups[2].Value)).Select(match => match.Groups[1].Value);
        Assert.Equal(Enum.GetNames<AttestationError>().Order(), errors.Append("Policy").Order());
    }

    [Fact]
    public void The_names_in_JSON_are_the_reports()
    {
        string section = Text[Text.IndexOf("## The command", StringComparison.Ordinal)..];
        System.Text.Json.JsonElement json = ReportTests.Json(new Forge().Verify());
        IEnumerable<string> names = json.EnumerateObject().Select(p => p.Name)
            .Concat(json.GetProperty("Claims").EnumerateObject().Select(p => p.Name))
            .Concat(json.GetProperty("Root").EnumerateObject().Select(p => p.Name))
            .Concat(json.GetProperty("Steps")[0].EnumerateObject().Select(p => p.Name))
            .Concat([nameof(AttestationTrust.Aws), nameof(AttestationTrust.ConfiguredRoot), nameof(AttestationTrust.None), "UNSIGNED"]);
        Assert.All(names, name => Assert.Contains($"`{name}`", section, StringComparison.Ordinal));
    }

    private static string Part(string name)
    {
        Match match = Regex.Match(Text, $@"\n\| {Regex.Escape(name)} \| `([0-9a-f]+)` \|");
        Assert.True(match.Success, name);
        return match.Groups[1].Value;
    }

    [GeneratedRegex(@"\n\| (\d+) \| `([0-9a-f ]+)` \|")]
    private static partial Regex ByteRow();

    [GeneratedRegex(@"\n\| `([a-z]+)` \| [^|]+ \| ((?:`[A-Za-z]+`(?:, )?)+) \|")]
    private static partial Regex StepRow();

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\nnonce `([0-9a-f]+)`")]
    private static partial Regex Nonce();
}
