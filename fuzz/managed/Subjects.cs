using Init.Attestation.Certificates;
using Init.Attestation.Cose;
using Init.Client;
using Init.Configuration;
using Init.Eif;
using Init.Nsm;
using Init.Prover.Barretenberg;
using Init.Prover.Crs;
using Init.Prover.Curve;
using Init.Prover.Gzip;
using Init.Prover.MessagePack;
using Init.Prover.Noir;
using Init.Sealing;
using Init.Server;
using Init.Wire;

namespace Init.Fuzz;

/// <summary>The code that each target is about, by which its coverage is told: what is reached elsewhere does not count.</summary>
internal static class Subjects
{
    /// <summary>A target's types.</summary>
    public static IReadOnlyList<Type> Of(string target) => target switch
    {
        "frames" => [typeof(FrameReader), typeof(Frame), typeof(FrameEnvelope), typeof(Crc32C)],
        "messages" => [typeof(MessageReader), typeof(RequestCodec), typeof(ReplyCodec), typeof(EnclaveStatement)],
        "cbor" => [typeof(CborReader), typeof(CborValidator), typeof(CborKey), typeof(CborFloat), typeof(Utf8Text)],
        "sealed" => [typeof(OpenedRequest), typeof(SealedLayout), typeof(HpkeContext), typeof(AeadStream), typeof(KeyRing)],
        "answers" => [typeof(PendingRequest), typeof(SealedAnswerReader), typeof(AnswerReader), typeof(SealedCall), typeof(AnswerSecret)],
        "server" => [typeof(Connection), typeof(ConnectionTransitions), typeof(InFlightRequest), typeof(InputBuffer), typeof(Outbox), typeof(ServerLoad)],
        "point" => [typeof(HpkePublicKey)],
        "attestation" => [typeof(Attestation.Verification), typeof(Attestation.Cose.CoseSign1), typeof(PayloadReader), typeof(CertificateChain), typeof(P384Key)],
        "certificate" => [typeof(NitroCertificate), typeof(CertificateExtensions)],
        "nsm" => [typeof(NsmReplies), typeof(AttestationDocument)],
        "replies" => [typeof(Replies), typeof(ChonkReplies)],
        "messagepack" => [typeof(MessagePackReader), typeof(MessagePackValidator)],
        "gzip" => [typeof(GzipDecoder), typeof(Inflater), typeof(HuffmanCode), typeof(BitReader), typeof(Prover.Gzip.Crc32)],
        "noir" => [typeof(NoirProgram)],
        "eif" => [typeof(EifReader), typeof(EifHeader), typeof(EifMetadata), typeof(EifSignature), typeof(EifMeasurements)],
        "ramdisk" => [typeof(RamdiskReader), typeof(RamdiskListing), typeof(CpioReader), typeof(GzipMember), typeof(DeflateFeed), typeof(Lz4Member), typeof(Lz4Frame)],
        "settings" => [typeof(Configuration.KernelCommandLine), typeof(SettingsTable), typeof(Setting)],
        "commandline" => [typeof(MeasuredCommandLine)],
        "crs" => [typeof(CrsFolder), typeof(PointCheck), typeof(G2Point), typeof(Grumpkin), typeof(Bn254)],
        "address" => [typeof(EnclaveAddress)],
        _ => throw new ArgumentException($"no target {target}"),
    };
}
