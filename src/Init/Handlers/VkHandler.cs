using Init.Prover;
using Init.Proving;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>Computes a verification key.</summary>
internal sealed class VkHandler(ProofQueue proofs, CircuitStore circuits) : RequestHandler<VkRequest>(Operation.Vk)
{
    /// <inheritdoc/>
    protected override async ValueTask<Reply> HandleAsync(VkRequest request, IRequestContext context)
    {
        VerificationKey key = await proofs.ComputeKeyAsync(
            circuits.Find(request.Circuit), request.Settings.ToProofSettings(), CallLimits.Until(context.Cancellation)).ConfigureAwait(false);
        return new VkReply(key.Bytes, key.Hash);
    }
}
