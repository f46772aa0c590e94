using Init.Nsm;
using Init.Sealing;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>An attestation document that carries the key of now and the enclave's statement.</summary>
/// <param name="nsm">Makes it.</param>
/// <param name="keys">The enclave's.</param>
/// <param name="statement">What every document says of the enclave.</param>
internal sealed class AttestHandler(INsm nsm, KeyRing keys, EnclaveStatement statement) : RequestHandler<AttestRequest>(Operation.Attest)
{
    // The request's token ends the wait; this only has to be no shorter.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(WireLimits.MaxDeadlineMs);

    /// <inheritdoc/>
    protected override async ValueTask<Reply> HandleAsync(AttestRequest request, IRequestContext context)
    {
        AttestationFields fields = new()
        {
            Nonce = request.Nonce,
            UserData = (statement with { UserData = request.UserData }).Encode(),
            PublicKey = keys.CurrentPublicKey,
        };
        return new AttestReply(await nsm.GetAttestationAsync(fields, Longest, context.Cancellation).ConfigureAwait(false));
    }
}
