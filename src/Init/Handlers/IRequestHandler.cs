using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>Answers one operation's requests. Throws what <see cref="RequestErrors"/> knows.</summary>
internal interface IRequestHandler
{
    /// <summary>Which operation.</summary>
    Operation Operation { get; }

    /// <summary>Answers.</summary>
    /// <param name="request">Of the operation; its byte strings are valid until the task completes.</param>
    /// <param name="context">The request's.</param>
    ValueTask<Reply> HandleAsync(Request request, IRequestContext context);
}

/// <summary>A handler of one type of request.</summary>
internal abstract class RequestHandler<TRequest>(Operation operation) : IRequestHandler
    where TRequest : Request
{
    /// <inheritdoc/>
    public Operation Operation { get; } = operation;

    /// <inheritdoc/>
    public ValueTask<Reply> HandleAsync(Request request, IRequestContext context) => HandleAsync((TRequest)request, context);

    /// <inheritdoc cref="IRequestHandler.HandleAsync"/>
    protected abstract ValueTask<Reply> HandleAsync(TRequest request, IRequestContext context);
}
