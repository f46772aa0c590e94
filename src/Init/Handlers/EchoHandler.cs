using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>Returns the bytes it was given.</summary>
internal sealed class EchoHandler() : RequestHandler<EchoRequest>(Operation.Echo)
{
    /// <inheritdoc/>
    protected override ValueTask<Reply> HandleAsync(EchoRequest request, IRequestContext context) =>
        ValueTask.FromResult<Reply>(new EchoReply(request.Data));
}
