using System.Globalization;
using System.Text.RegularExpressions;

namespace Init.Wire.Tests;

/// <summary>The document and the code say the same.</summary>
public sealed partial class SpecificationTests
{
    [Fact]
    public void Kinds_operations_stages_codes_and_outcomes_are_those_of_the_code()
    {
        Assert.Equal(Values<FrameKind>(), Numbered(Specification.Table("kind", "name", "direction")));
        Assert.Equal(Values<Operation>(), Numbered(Specification.Table("op", "operation")));
        Assert.Equal(Values<ProgressStage>(), Numbered(Specification.Table("stage", "name")));
        Assert.Equal(Values<ErrorCode>(), Numbered(Specification.Table("code", "name")));
        Assert.Equal(Values<StageOutcome>(), Numbered(Specification.Table("outcome", "name")));
    }

    [Fact]
    public void Limits_of_the_format_are_those_of_the_code() => Assert.Equal(
        [
            ("body of a frame, bytes", WireLimits.MaxFrameBodyBytes),
            ("envelope, bytes", WireLimits.MaxEnvelopeBytes),
            ("message, bytes", WireLimits.MaxMessageBytes),
            ("CBOR depth", WireLimits.MaxCborDepth),
            ("CBOR data items", WireLimits.MaxCborItems),
            ("nonce, bytes", WireLimits.MaxNonceBytes),
            ("user data, bytes", WireLimits.MaxUserDataBytes),
            ("name in a statement, bytes", WireLimits.MaxStatementNameBytes),
            ("associated data, bytes", WireLimits.MaxAssociatedDataBytes),
            ("message of an error, bytes", WireLimits.MaxErrorMessageBytes),
            ("name, bytes", WireLimits.MaxNameBytes),
            ("entries of a list or table in health", WireLimits.MaxHealthEntries),
        ],
        Specification.Table("limit", "value").Select(row => (row[0], int.Parse(row[1], CultureInfo.InvariantCulture))));

    [Fact]
    public void Limits_of_a_server_are_the_code_s_defaults()
    {
        IEnumerable<string> rows = typeof(ServerLimits).GetProperties().Where(property => property.Name != nameof(ServerLimits.Default))
            .OrderBy(property => property.MetadataToken)
            .Select((property, i) => $"{i + 1} {Names.Snake(property.Name)} {property.GetValue(ServerLimits.Default)}");
        Assert.Equal(rows, Specification.Table("key", "limit", "default").Select(row => $"{row[0]} {row[1]} {row[2]}"));
    }

    [Fact]
    public void Deadlines_of_the_CDDL_are_those_of_the_code()
    {
        foreach (Operation operation in Enum.GetValues<Operation>())
        {
            string rule = operation switch { Operation.Prove => "prove-deadline-ms", Operation.Sealed => "sealed-deadline-ms", _ => "deadline-ms" };
            Assert.Contains($"( op: {(int)operation}, {rule}, {operation.ToString().ToLowerInvariant()}-request )", Specification.CddlText);
            if (operation != Operation.Sealed)
            {
                Assert.Equal(new CddlType.Range(0, WireLimits.MaxDeadlineOf(operation)), Specification.Cddl.Type(rule));
                Assert.InRange(WireLimits.DefaultDeadlineOf(operation), 1u, WireLimits.MaxDeadlineOf(operation));
            }
        }
    }

    [Fact]
    public void The_payload_s_largest_size_is_what_a_frame_has_room_for() =>
        Assert.Contains($"payload: bstr .size (1..{WireLimits.MaxFrameBodyBytes - new FrameEnvelope(1, default, false, 1 << 20).LengthBytes})", Specification.CddlText);

    [Theory]
    [InlineData("hello-request", typeof(HelloRequest))]
    [InlineData("attest-request", typeof(AttestRequest))]
    [InlineData("circuit-request", typeof(CircuitRequest))]
    [InlineData("settings", typeof(ProveSettings))]
    [InlineData("prove-request", typeof(ProveRequest))]
    [InlineData("verify-request", typeof(VerifyRequest))]
    [InlineData("vk-request", typeof(VkRequest))]
    [InlineData("cancel-request", typeof(CancelRequest))]
    [InlineData("echo-request", typeof(EchoRequest))]
    [InlineData("sealed-request", typeof(SealedRequest))]
    [InlineData("sealed-reply", typeof(SealedReply))]
    [InlineData("sealed-progress", typeof(SealedProgress))]
    [InlineData("statement", typeof(EnclaveStatement))]
    [InlineData("hello-reply", typeof(HelloReply))]
    [InlineData("health-reply", typeof(HealthReply))]
    [InlineData("attest-reply", typeof(AttestReply))]
    [InlineData("circuit-reply", typeof(CircuitReply))]
    [InlineData("prove-reply", typeof(ProveReply))]
    [InlineData("verify-reply", typeof(VerifyReply))]
    [InlineData("vk-reply", typeof(VkReply))]
    [InlineData("cancel-reply", typeof(CancelReply))]
    [InlineData("shutdown-reply", typeof(ShutdownReply))]
    [InlineData("echo-reply", typeof(EchoReply))]
    [InlineData("limits", typeof(ServerLimits))]
    [InlineData("stage", typeof(StageHealth))]
    [InlineData("entropy", typeof(EntropyHealth))]
    [InlineData("clock", typeof(ClockHealth))]
    [InlineData("nsm", typeof(NsmHealth))]
    [InlineData("connections", typeof(ConnectionHealth))]
    [InlineData("requests", typeof(RequestHealth))]
    [InlineData("prover", typeof(ProverHealth))]
    [InlineData("circuits", typeof(CircuitStoreHealth))]
    [InlineData("memory", typeof(MemoryHealth))]
    [InlineData("context-switches", typeof(ContextSwitchHealth))]
    public void The_fields_of_a_rule_have_the_names_of_the_code_in_the_order_of_their_keys(string rule, Type message)
    {
        Match body = Regex.Match(Specification.CddlText, $@"^{rule} = \{{\n(.*?)^\}}", RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.True(body.Success, rule);
        IEnumerable<string> names = body.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim() == "circuit," ? "circuit" : FieldName().Match(line).Groups[1].Value);
        Assert.Equal(Names.Fields(message), names);
    }

    private static IEnumerable<(int, string)> Values<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => (Convert.ToInt32(value, CultureInfo.InvariantCulture), Names.Snake(value.ToString()).Replace('_', ' ')));

    private static IEnumerable<(int, string)> Numbered(IReadOnlyList<string[]> rows) =>
        rows.Select(row => (int.Parse(row[0], CultureInfo.InvariantCulture), row[1]));

    [GeneratedRegex(@"; (\w+)")]
    private static partial Regex FieldName();
}
