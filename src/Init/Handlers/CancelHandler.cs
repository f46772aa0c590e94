using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>Cancels a request of the same connection.</summary>
internal sealed class CancelHandler() : RequestHandler<CancelRequest>(Operation.Cancel)
{
    /// <inheritdoc/>
    protected override ValueTask<Reply> HandleAsync(CancelRequest request, IRequestContext context) =>
        ValueTask.FromResult<Reply>(new CancelReply(context.Cancel(request.Id)));
}
