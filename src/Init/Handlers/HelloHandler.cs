using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>Version, limits, build.</summary>
internal sealed class HelloHandler(EnclaveIdentity identity, ServerLimits limits) : RequestHandler<HelloRequest>(Operation.Hello)
{
    /// <inheritdoc/>
    protected override ValueTask<Reply> HandleAsync(HelloRequest request, IRequestContext context)
    {
        uint version = ProtocolVersion.Choose(request) ?? throw new RequestException(
            ErrorCode.UnsupportedVersion,
            $"hello: versions {request.MinVersion} to {request.MaxVersion}, spoken are {ProtocolVersion.Lowest} to {ProtocolVersion.Highest}");
        return ValueTask.FromResult<Reply>(new HelloReply
        {
            Version = version,
            Server = identity.Server,
            ServerVersion = identity.ServerVersion,
            Limits = limits,
            ProverVersion = identity.ProverVersion,
            SrsKind = identity.SrsKind,
            ConfigurationDigest = identity.ConfigurationDigest,
            ModuleId = identity.ModuleId,
            ShutdownAllowed = identity.ShutdownAllowed,
        });
    }
}
