using Init.Nsm;
using Init.Simulator.SoftwareNsm;
using Init.Wire;
using Init.Wire.Tests;
using Oracle = System.Formats.Cbor;

namespace Init.Fuzz.Targets;

/// <summary>What the NSM's device gives back. The first byte chooses the command.</summary>
/// <remarks>What is accepted is CBOR by System.Formats.Cbor's strict rules, too, and reads the same a second time.</remarks>
internal static class NsmTargets
{
    private static readonly (byte[] Request, Func<byte[], object> Read)[] Replies =
    [
        (NsmRequests.DescribeNsm(), bytes => Text(NsmReplies.DescribeNsm(bytes))),
        (NsmRequests.DescribePcr(0), bytes => Text(NsmReplies.DescribePcr(bytes))),
        (NsmRequests.ExtendPcr(16, new byte[1]), bytes => Hex(NsmReplies.ExtendPcr(bytes))),
        (NsmRequests.LockPcr(16), bytes => NsmReplies.LockPcr(bytes)),
        (NsmRequests.LockPcrs(2), bytes => NsmReplies.LockPcrs(bytes)),
        (NsmRequests.GetRandom(), bytes => Hex(NsmReplies.GetRandom(bytes))),
        (NsmRequests.Attestation(Fields), bytes => Hex(NsmReplies.Attestation(bytes))),
    ];

    public static IReadOnlyList<ManagedTarget> List { get; } =
    [
        new("nsm", bytes => bytes.Length > 0 && Refusal.Of<NsmException>(() => Chosen(bytes)(bytes[1..])))
        {
            CheckAccepted = Check,
            AllocationLimit = bytes => (64 * 1024) + (64L * bytes), // hexadecimal text is made here
            MaxBytes = 8192,
            Seeds = Seeds,
        },
    ];

    private static AttestationFields Fields => new() { Nonce = new byte[] { 1, 2, 3 }, UserData = new byte[] { 4 }, PublicKey = new byte[] { 5 } };

    private static Func<byte[], object> Chosen(byte[] bytes)
    {
        int which = bytes[0] % (Replies.Length + 1);
        return which < Replies.Length ? Replies[which].Read : document => Text(AttestationDocument.Parse(document));
    }

    private static void Check(byte[] bytes)
    {
        byte[] reply = bytes[1..];
        Assert.Equal(Chosen(bytes)(reply), Chosen(bytes)(reply));
        OracleWalk walk = new(reply, Oracle.CborConformanceMode.Strict);
        Assert.True(walk.Differs || walk.Result is not null, "what was accepted is no CBOR for the oracle");
    }

    private static IEnumerable<byte[]> Seeds()
    {
        foreach (bool isIndefinite in new[] { false, true })
        {
            using SoftwareNsmDevice module = new(new SoftwareNsmOptions { IsUnsigned = true, IsIndefiniteLength = isIndefinite }, TimeProvider.System);
            for (int i = 0; i < Replies.Length; i++)
            {
                byte[] response = new byte[NsmLimits.ResponseBytes];
                byte[] reply = response[..module.Exchange(Replies[i].Request, response)];
                yield return [(byte)i, .. reply];
                if (i == Replies.Length - 1)
                {
                    yield return [(byte)Replies.Length, .. NsmReplies.Attestation(reply).Span];
                }
            }

            byte[] error = new byte[NsmLimits.ResponseBytes];
            yield return [0, .. error[..module.Exchange(NsmRequests.LockPcr(0), error)]];
        }
    }

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);

    private static string Text(NsmPcr pcr) => $"{pcr.IsLocked} {Hex(pcr.Value)}";

    private static string Text(NsmDescription description) => $"{description with { LockedPcrs = [] }} {string.Join(' ', description.LockedPcrs)}";

    private static string Text(AttestationDocument document) =>
        $"{document.ModuleId} {document.Timestamp:O} {Hex(document.PublicKey)} {Hex(document.UserData)} {Hex(document.Nonce)} {Hex(document.Certificate)} {string.Join(' ', document.Pcrs.Select(pcr => $"{pcr.Key}={Hex(pcr.Value)}"))} {string.Join(' ', document.CaBundle.Select(Hex))}";
}
