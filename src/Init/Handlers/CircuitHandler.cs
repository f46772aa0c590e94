using Init.Proving;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>Stores a circuit for later requests.</summary>
internal sealed class CircuitHandler(CircuitStore circuits) : RequestHandler<CircuitRequest>(Operation.Circuit)
{
    /// <inheritdoc/>
    protected override async ValueTask<Reply> HandleAsync(CircuitRequest request, IRequestContext context)
    {
        (CircuitHash hash, bool alreadyStored) = await circuits.AddAsync(request.Bytecode, context.Cancellation).ConfigureAwait(false);
        return new CircuitReply(hash.ToArray(), alreadyStored);
    }
}
