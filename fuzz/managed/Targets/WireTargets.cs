using System.Buffers.Binary;
using Init.Wire;
using Init.Wire.Tests;
using Oracle = System.Formats.Cbor;
using WireFuzzTarget = Init.Wire.Tests.FuzzTarget;

namespace Init.Fuzz.Targets;

/// <summary>Wire: CBOR against System.Formats.Cbor, frames in pieces, messages that encode to what they came from.</summary>
internal static class WireTargets
{
    private const int SeedsEach = 40;

    // A message's first byte, which chooses what it is read as.
    private static readonly string[] Messages = ["request", "reply", "error", "progress", "sealed progress", "statement"];

    public static IReadOnlyList<ManagedTarget> List { get; } =
    [
        new("frames", bytes => Refusal.Of<WireException>(() => Rooms("frames").Parse(Framed(bytes))))
        {
            CheckAccepted = bytes => Rooms("frames").CheckAccepted(Framed(bytes)),
            AllocationLimit = bytes => (64 * 1024) + (24L * bytes), // framed here, too
            Seeds = () => Seeds(random => Unframed(random)),
        },
        new("messages", bytes => bytes.Length > 0 && Refusal.Of<WireException>(() => Message(bytes).Parse(bytes[1..])))
        {
            CheckAccepted = bytes => Message(bytes).CheckAccepted(bytes[1..]),
            AllocationLimit = bytes => (64 * 1024) + (9L * bytes),
            Seeds = () => Messages.SelectMany((name, i) => Seeds(random => [(byte)i, .. FuzzInput.Next(name, random)])),
        },
        new("cbor", bytes => IsRead(bytes, CborRules.WellFormed) | IsRead(bytes, CborRules.Deterministic))
        {
            CheckAccepted = SameAsOracle,
            MaxBytes = 1024,
            Seeds = () => Seeds(random => FuzzInput.Next("deterministic", random)).Concat(Seeds(random => FuzzInput.Next("well-formed", random))),
        },
    ];

    /// <summary>Compares both rules with the oracle's mode for each, whether the document is accepted or not.</summary>
    public static void SameAsOracle(byte[] bytes)
    {
        SameAsOracle(bytes, CborRules.WellFormed, Oracle.CborConformanceMode.Strict);
        SameAsOracle(bytes, CborRules.Deterministic, Oracle.CborConformanceMode.Ctap2Canonical);
        if (IsRead(bytes, CborRules.Deterministic))
        {
            Rooms("deterministic").CheckAccepted(bytes);
        }
    }

    private static void SameAsOracle(byte[] bytes, CborRules rules, Oracle.CborConformanceMode mode)
    {
        OracleWalk walk = new(bytes, mode);
        string? ours = IsRead(bytes, rules) ? Diagnostic.Of(bytes, rules) : null;
        Assert.True(walk.Differs || walk.Result == ours, $"{mode}: the oracle says {walk.Result ?? "no"}, we say {ours ?? "no"}");
    }

    private static bool IsRead(byte[] bytes, CborRules rules) => Refusal.Of<WireException>(() =>
    {
        CborReader reader = new(bytes, rules);
        reader.Skip();
        reader.ReadEnd();
    });

    private static WireFuzzTarget Message(byte[] bytes) => Rooms(Messages[bytes[0] % Messages.Length]);

    private static WireFuzzTarget Rooms(string name) => WireFuzzTarget.All.Single(target => target.Name == name);

    // A checksum cannot be guessed: pieces of two bytes of length and that many bytes become frames with a right one, but for the piece
    // after a length of 0, which is the rest and stays as it is.
    private static byte[] Framed(byte[] bytes)
    {
        List<byte> stream = [];
        ReadOnlySpan<byte> rest = bytes;
        while (rest.Length > 2)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(rest), rest.Length - 2);
            rest = rest[2..];
            if (length == 0)
            {
                stream.AddRange(rest);
                break;
            }

            stream.AddRange(FrameBytes.Around(rest[..length].ToArray()));
            rest = rest[length..];
        }

        return [.. stream];
    }

    private static byte[] Unframed(Random random)
    {
        byte[] body = FrameBytes.Of((ulong)random.NextInt64(1, 400), (FrameKind)random.Next(4), random.Next(2) == 0, new byte[random.Next(1, 60)])[8..];
        byte[] second = random.Next(2) == 0 ? [] : FuzzInput.Next("frames", random);
        return [(byte)body.Length, 0, .. body, 0, 0, .. second];
    }

    private static IEnumerable<byte[]> Seeds(Func<Random, byte[]> next) =>
        Enumerable.Range(0, SeedsEach).Select(seed => next(new Random(seed)));
}
