using Init.Prover;
using Init.Proving;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>Verifies a proof.</summary>
internal sealed class VerifyHandler(ProofQueue proofs) : RequestHandler<VerifyRequest>(Operation.Verify)
{
    /// <inheritdoc/>
    protected override async ValueTask<Reply> HandleAsync(VerifyRequest request, IRequestContext context) =>
        new VerifyReply(await proofs.VerifyAsync(
            request.Key,
            request.Proof,
            request.PublicInputs,
            request.Settings.ToProofSettings(),
            CallLimits.Until(context.Cancellation)).ConfigureAwait(false));
}
