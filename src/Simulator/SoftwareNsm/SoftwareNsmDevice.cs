using System.Security.Cryptography;
using Init.Nsm;

namespace Init.Simulator.SoftwareNsm;

/// <summary>
/// A Nitro Secure Module in memory: the seven commands with the encodings, the errors and the PCRs of the real one. Its documents are
/// signed by a development PKI that nobody trusts. Where AWS says nothing, it does as QEMU's emulation (hw/virtio/virtio-nsm.c).
/// </summary>
/// <remarks>Any number of threads may call; one lock covers the module, as the driver's mutex does.</remarks>
public sealed class SoftwareNsmDevice : INsmDevice
{
    private readonly Lock _lock = new();
    private readonly PcrBank _pcrs;
    private readonly DocumentWriter _documents;
    private readonly string _moduleId;

    /// <summary>A module that has just booted an enclave.</summary>
    /// <param name="options">Its values.</param>
    /// <param name="time">Its clock.</param>
    /// <exception cref="ArgumentException">A PCR that does not exist or is not 48 bytes.</exception>
    public SoftwareNsmDevice(SoftwareNsmOptions options, TimeProvider time)
    {
        _moduleId = options.ModuleId;
        _pcrs = new PcrBank(options.Pcrs);
        _documents = new DocumentWriter(options, time);
    }

    /// <inheritdoc/>
    public long Opens => 1;

    /// <summary>DER; what a client pins in place of AWS's root. Empty where documents are unsigned.</summary>
    public ReadOnlyMemory<byte> RootCertificate => _documents.RootCertificate;

    /// <inheritdoc/>
    public int Exchange(ReadOnlySpan<byte> request, Span<byte> response)
    {
        byte[] reply;
        lock (_lock)
        {
            reply = Answer(request);
        }

        int length = Math.Min(reply.Length, response.Length);
        reply.AsSpan(0, length).CopyTo(response);
        return length;
    }

    /// <inheritdoc/>
    public void Dispose() => _documents.Dispose();

    private byte[] Answer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > NsmLimits.RequestBytes)
        {
            return NsmReplyWriter.Error("InputTooLarge");
        }

        NsmRequest? request = NsmRequest.Read(bytes);
        return request switch
        {
            { Name: "DescribeNSM", HasBody: false } => NsmReplyWriter.Description(_moduleId, NsmLimits.Pcrs, [.. _pcrs.Locked]),
            { Name: "GetRandom", HasBody: false } =>
                NsmReplyWriter.Bytes("GetRandom", "random", RandomNumberGenerator.GetBytes(NsmLimits.RandomBytes)),
            { Name: "DescribePCR", HasBody: true, Index: { } index } => DescribePcr(index),
            { Name: "ExtendPCR", HasBody: true, Index: { } index, Data: { } data } => ExtendPcr(index, data),
            { Name: "LockPCR", HasBody: true, Index: { } index } => LockPcr(index),
            { Name: "LockPCRs", HasBody: true, Range: { } range } => LockPcrs(range),
            { Name: "Attestation", HasBody: true } => Attest(request),
            _ => NsmReplyWriter.Error("InvalidOperation"),
        };
    }

    private byte[] DescribePcr(ulong index) => PcrBank.Exists(index)
        ? NsmReplyWriter.Pcr(_pcrs.IsLocked((int)index), _pcrs.Value((int)index))
        : NsmReplyWriter.Error("InvalidIndex");

    private byte[] ExtendPcr(ulong index, byte[] data)
    {
        if (WhyReadOnly(index) is { } error)
        {
            return error;
        }

        _pcrs.Extend((int)index, data);
        return NsmReplyWriter.Bytes("ExtendPCR", "data", _pcrs.Value((int)index));
    }

    private byte[] LockPcr(ulong index)
    {
        if (WhyReadOnly(index) is { } error)
        {
            return error;
        }

        _pcrs.Lock((int)index);
        return NsmReplyWriter.Name("LockPCR");
    }

    private byte[] LockPcrs(ulong range)
    {
        if (range > NsmLimits.Pcrs)
        {
            return NsmReplyWriter.Error("InvalidIndex");
        }

        for (int index = 0; index < (int)range; index++)
        {
            _pcrs.Lock(index);
        }

        return NsmReplyWriter.Name("LockPCRs");
    }

    private byte[] Attest(NsmRequest request)
    {
        bool isTooLarge = request.UserData?.Length > NsmLimits.UserDataBytes
            || request.Nonce?.Length > NsmLimits.NonceBytes
            || request.PublicKey?.Length > NsmLimits.PublicKeyBytes;
        return isTooLarge
            ? NsmReplyWriter.Error("InputTooLarge")
            : NsmReplyWriter.Bytes("Attestation", "document", _documents.Write(request, _pcrs));
    }

    private byte[]? WhyReadOnly(ulong index) =>
        !PcrBank.Exists(index) ? NsmReplyWriter.Error("InvalidIndex")
        : _pcrs.IsLocked((int)index) ? NsmReplyWriter.Error("ReadOnlyIndex")
        : null;
}
