using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>Begins to drain, where that is allowed. Whoever waits for the server's end then ends the enclave.</summary>
internal sealed class ShutdownHandler(bool isAllowed, TimeSpan drainWithin, IServerControl server) : RequestHandler<ShutdownRequest>(Operation.Shutdown)
{
    /// <inheritdoc/>
    protected override ValueTask<Reply> HandleAsync(ShutdownRequest request, IRequestContext context)
    {
        if (!isAllowed)
        {
            throw new RequestException(ErrorCode.Unauthorised, "shutdown: the configuration does not allow it");
        }

        server.BeginDrain(drainWithin);
        return ValueTask.FromResult<Reply>(new ShutdownReply((uint)server.Counters.Requests));
    }
}
