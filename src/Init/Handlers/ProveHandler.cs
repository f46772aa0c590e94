using Init.Prover;
using Init.Proving;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>Proves.</summary>
internal sealed class ProveHandler(ProofQueue proofs, CircuitStore circuits, TimeProvider time) : RequestHandler<ProveRequest>(Operation.Prove)
{
    /// <inheritdoc/>
    protected override async ValueTask<Reply> HandleAsync(ProveRequest request, IRequestContext context)
    {
        ProveOptions options = new()
        {
            Settings = request.Settings.ToProofSettings(),
            VerificationKey = request.Key,
            SkipVerification = request.SkipVerification,
        };
        using ProofProgress? progress = request.WantsProgress ? new ProofProgress(context, time) : null;
        TimedProof made = await proofs.ProveAsync(
            circuits.Find(request.Circuit), request.Witness, options, CallLimits.Until(context.Cancellation), progress).ConfigureAwait(false);
        return new ProveReply(
            made.Proof.Bytes,
            made.Proof.PublicInputs,
            made.Proof.Key.Bytes,
            made.Proof.Key.Hash,
            (ulong)made.Queued.TotalMilliseconds,
            (ulong)made.Proving.TotalMilliseconds);
    }
}
