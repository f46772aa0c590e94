using System.Text;
using System.Text.Json;

namespace Init.Attestation.Tests;

/// <summary>What reports say, for people and for programs.</summary>
public sealed class ReportTests
{
    [Fact]
    public void A_report_has_every_step_once_and_in_order()
    {
        AttestationStep[] steps = Enum.GetValues<AttestationStep>();
        Assert.Equal(steps, new Forge().Verify().Steps.Select(step => step.Step));
        Assert.Equal(steps, new Forge { BendBundle = _ => [[1]] }.Verify().Steps.Select(step => step.Step));
        Assert.Equal(steps, new Forge { ProtectedHeader = [] }.Verify().Steps.Select(step => step.Step));
    }

    [Fact]
    public void Every_step_says_why_and_only_a_failed_one_has_an_error()
    {
        AttestationReport report = new Forge { BendSignature = s => [.. s.Reverse()] }.Verify();
        Assert.All(report.Steps, step => Assert.NotEmpty(step.Detail));
        Assert.All(report.Steps, step => Assert.Equal(step.Outcome == AttestationOutcome.Failed, step.Error is not null));
    }

    [Fact]
    public void For_people_it_begins_with_the_verdict()
    {
        string text = new Forge().Verify().ToText();
        Assert.StartsWith("verdict          accepted\nCONFIGURED ROOT  not AWS's", text, StringComparison.Ordinal);
        Assert.Contains("\nsignature        passed   ES384 by the leaf's key\n", text, StringComparison.Ordinal);
        Assert.Contains($"\nPCR1             {Forge.PcrHex(1)}\n", text, StringComparison.Ordinal);
        Assert.Contains("\npublic key       3 bytes 070809\nuser data        none\n", text, StringComparison.Ordinal);
        string refused = new Forge { ProtectedHeader = [] }.Verify().ToText();
        Assert.StartsWith("verdict          REFUSED\n", refused, StringComparison.Ordinal);
        Assert.Contains("\nalgorithm        FAILED   the protected header", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_a_terminal_obeys_comes_out_of_a_document()
    {
        Forge forge = new() { BendFields = fields => fields[0] = ("module_id", Cbor.Text("a\e[2Jb\nverdict accepted\u202e")) };
        string text = forge.Verify().ToText();
        Assert.All(text, c => Assert.True(c is '\n' or (>= ' ' and <= '~')));
        Assert.Contains(@"a\u001b[2Jb\u000averdict accepted\u202e", text, StringComparison.Ordinal);
    }

    [Fact]
    public void For_programs_it_is_one_object_with_the_documented_names()
    {
        JsonElement json = Json(new Forge { Nonce = Cbor.Bytes(Forge.SomeNonce) }.Verify(Forge.SomeNonce));
        Assert.Equal(
            ["IsAccepted", "Trust", "Error", "IsUnsigned", "IsDebug", "VerifiedAt", "Root", "Steps", "Claims"],
            json.EnumerateObject().Select(property => property.Name));
        Assert.True(json.GetProperty("IsAccepted").GetBoolean());
        Assert.Equal("ConfiguredRoot", json.GetProperty("Trust").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("Error").ValueKind);
        Assert.Equal("2026-01-02T03:04:05Z", json.GetProperty("VerifiedAt").GetString());
        Assert.False(json.GetProperty("Root").GetProperty("IsAws").GetBoolean());
        JsonElement claims = json.GetProperty("Claims");
        Assert.Equal(Forge.PcrHex(15), claims.GetProperty("Pcrs").GetProperty("PCR15").GetString());
        Assert.Equal("070809", claims.GetProperty("PublicKey").GetString());
        Assert.Equal(JsonValueKind.Null, claims.GetProperty("UserData").ValueKind);
        Assert.Equal(5, claims.GetProperty("CertificatesSha256").GetArrayLength());
        JsonElement signature = json.GetProperty("Steps").EnumerateArray().Single(step => step.GetProperty("Name").GetString() == "signature");
        Assert.Equal("passed", signature.GetProperty("Outcome").GetString());
    }

    [Fact]
    public void For_programs_a_refusal_has_its_error()
    {
        JsonElement json = Json(new Forge { ProtectedHeader = [] }.Verify());
        Assert.Equal(("None", "Algorithm"), (json.GetProperty("Trust").GetString(), json.GetProperty("Error").GetString()));
        Assert.Equal("Algorithm", json.GetProperty("Steps")[1].GetProperty("Error").GetString());
        Assert.Equal("failed", json.GetProperty("Steps")[1].GetProperty("Outcome").GetString());
    }

    internal static JsonElement Json(AttestationReport report)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            report.WriteJson(writer);
        }

        return JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
