using Init.Nsm;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>An attestation document that carries the enclave's public key.</summary>
/// <param name="nsm">Makes it.</param>
/// <param name="publicKey">SubjectPublicKeyInfo, or empty.</param>
internal sealed class AttestHandler(INsm nsm, ReadOnlyMemory<byte> publicKey) : RequestHandler<AttestRequest>(Operation.Attest)
{
    // The request's token ends the wait; this only has to be no shorter.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(WireLimits.MaxDeadlineMs);

    /// <inheritdoc/>
    protected override async ValueTask<Reply> HandleAsync(AttestRequest request, IRequestContext context)
    {
        AttestationFields fields = new()
        {
            Nonce = request.Nonce,
            UserData = request.UserData,
            PublicKey = publicKey,
        };
        return new AttestReply(await nsm.GetAttestationAsync(fields, Longest, context.Cancellation).ConfigureAwait(false));
    }
}
