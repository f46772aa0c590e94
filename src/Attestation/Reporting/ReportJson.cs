using System.Security.Cryptography;
using System.Text.Json;

namespace Init.Attestation.Reporting;

/// <summary>The report for programs. Names and values of enums are part of the interface: docs/attestation-verification.md lists them.</summary>
internal static class ReportJson
{
    public static void Write(Utf8JsonWriter writer, AttestationReport report)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("IsAccepted", report.IsAccepted);
        writer.WriteString("Trust", report.TrustName);
        writer.WriteString("Error", report.Refusal?.Error.ToString());
        writer.WriteBoolean("IsUnsigned", report.IsUnsigned);
        writer.WriteBoolean("IsDebug", report.IsDebug);
        writer.WriteString("VerifiedAt", report.VerifiedAt.Text());
        WriteRoot(writer, report.Root);
        writer.WriteStartArray("Steps");
        foreach (AttestationStepResult step in report.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("Name", step.Name());
            writer.WriteString("Outcome", step.Outcome.ToString().ToLowerInvariant());
            writer.WriteString("Error", step.Error?.ToString());
            writer.WriteString("Detail", step.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteClaims(writer, report.Claims);
        writer.WriteEndObject();
    }


    private static void WriteRoot(Utf8JsonWriter writer, AttestationRoot? root)
    {
        if (root is null)
        {
            writer.WriteNull("Root");
            return;
        }

        writer.WriteStartObject("Root");
        writer.WriteString("Name", root.Name);
        writer.WriteString("Sha256", root.Sha256);
        writer.WriteBoolean("IsAws", root.IsAws);
        writer.WriteEndObject();
    }

    private static void WriteClaims(Utf8JsonWriter writer, AttestationPayload claims)
    {
        writer.WriteStartObject("Claims");
        writer.WriteString("ModuleId", claims.ModuleId);
        writer.WriteString("Timestamp", claims.Timestamp.Text());
        writer.WriteStartObject("Pcrs");
        foreach ((int index, PcrValue value) in claims.Pcrs)
        {
            writer.WriteString($"PCR{index}", value.ToString());
        }

        writer.WriteEndObject();
        WriteHex("PublicKey", claims.PublicKey);
        WriteHex("UserData", claims.UserData);
        WriteHex("Nonce", claims.Nonce);
        writer.WriteStartArray("CertificatesSha256");
        foreach (ReadOnlyMemory<byte> certificate in (IEnumerable<ReadOnlyMemory<byte>>)[.. claims.CaBundle, claims.Certificate])
        {
            writer.WriteStringValue(Convert.ToHexStringLower(SHA256.HashData(certificate.Span)));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();

        void WriteHex(string name, ReadOnlyMemory<byte>? bytes) =>
            writer.WriteString(name, bytes is { } value ? Convert.ToHexStringLower(value.Span) : null);
    }
}
