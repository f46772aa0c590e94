using System.Security.Cryptography;
using Init.Testing;
using Init.Wire;

namespace Init.Attestation.Tests;

/// <summary>A PKI and a document of it, each part of which a test can bend. As it stands it is accepted by <see cref="Policy"/>.</summary>
internal sealed class Forge
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static readonly byte[] Es384Header = [0xa1, 0x01, 0x38, 0x22];

    public static readonly byte[] SomeNonce = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public List<ForgedCertificate> Authorities { get; } =
    [
        new ForgedCertificate("root").AsAuthority(null),
        new ForgedCertificate("regional").AsAuthority(2),
        new ForgedCertificate("zonal").AsAuthority(1),
        new ForgedCertificate("instance").AsAuthority(0),
    ];

    public ForgedCertificate Leaf { get; } = new ForgedCertificate("leaf").AsLeaf();

    public DateTimeOffset Time { get; set; } = Now;

    public DateTimeOffset Timestamp { get; set; } = Now.AddSeconds(-2);

    public Dictionary<int, byte[]> Pcrs { get; } = Enumerable.Range(0, 16).ToDictionary(i => i, i => Pcr(i).ToArray());

    public byte[] Nonce { get; set; } = Cbor.Null;

    public byte[] ProtectedHeader { get; set; } = Es384Header;

    public byte[] Unprotected { get; set; } = [0xa0];

    /// <summary>Before the array, a tag for example.</summary>
    public byte[] Prefix { get; set; } = [];

    public byte[] Suffix { get; set; } = [];

    public bool IsIndefinite { get; set; }

    /// <summary>Bends the payload's fields.</summary>
    public Action<List<(string Name, byte[] Value)>> BendFields { get; set; } = _ => { };

    /// <summary>Bends the bundle.</summary>
    public Func<byte[][], byte[][]> BendBundle { get; set; } = bundle => bundle;

    /// <summary>Bends the signature.</summary>
    public Func<byte[], byte[]> BendSignature { get; set; } = signature => signature;

    /// <summary>Trusts this PKI's root.</summary>
    public AttestationPolicy Policy => new() { Roots = [Root] };

    public AttestationRoot Root => AttestationRoot.FromCertificate("forged root", RootCertificate);

    /// <summary>Made once: each signature is another one.</summary>
    public byte[] RootCertificate => field ??= Authorities[0].Make(Authorities[0]);

    /// <summary>A PCR of 48 bytes that are all the same.</summary>
    public static ReadOnlySpan<byte> Pcr(int index) => Enumerable.Repeat((byte)(0xa0 + index), 48).ToArray();

    public static string PcrHex(int index) => Convert.ToHexStringLower(Pcr(index));

    public AttestationReport Verify(AttestationPolicy? policy = null) => new AttestationVerifier(policy ?? Policy, new ManualTime(Time)).Verify(Make());

    public AttestationReport Verify(byte[] nonce, AttestationPolicy? policy = null) =>
        new AttestationVerifier(policy ?? Policy, new ManualTime(Time)).Verify(Make(), nonce);

    public byte[] Make()
    {
        byte[] payload = Payload();
        return
        [
            .. Prefix,
            .. Cbor.Array(Cbor.Bytes(ProtectedHeader), Unprotected, Cbor.Bytes(payload), Cbor.Bytes(BendSignature(Sign(payload)))),
            .. Suffix,
        ];
    }

    private byte[] Payload()
    {
        byte[][] certificates = Certificates();
        List<(string Name, byte[] Value)> fields =
        [
            ("module_id", Cbor.Text("i-0123-enc4567")),
            ("digest", Cbor.Text("SHA384")),
            ("timestamp", Cbor.Number(Timestamp.ToUnixTimeMilliseconds())),
            ("pcrs", Cbor.Map([.. Pcrs.Select(pcr => (Cbor.Number(pcr.Key), Cbor.Bytes(pcr.Value)))])),
            ("certificate", Cbor.Bytes(certificates[^1])),
            ("cabundle", Cbor.Array([.. BendBundle(certificates[..^1]).Select(certificate => Cbor.Bytes(certificate))])),
            ("public_key", Cbor.Bytes(new byte[] { 7, 8, 9 })),
            ("user_data", Cbor.Null),
            ("nonce", Nonce),
        ];
        BendFields(fields);
        (byte[], byte[])[] pairs = [.. fields.Select(field => (Cbor.Text(field.Name), field.Value))];
        return IsIndefinite ? Cbor.IndefiniteMap(pairs) : Cbor.Map(pairs);
    }

    private byte[][] Certificates()
    {
        ForgedCertificate[] chain = [.. Authorities, Leaf];
        return [RootCertificate, .. chain.Skip(1).Select((certificate, above) => certificate.Make(chain[above]))];
    }

    private byte[] Sign(byte[] payload)
    {
        byte[] toBeSigned = Cbor.Array(Cbor.Text("Signature1"), Cbor.Bytes(ProtectedHeader), Cbor.Bytes(default), Cbor.Bytes(payload));
        return Leaf.Key.SignData(toBeSigned, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
