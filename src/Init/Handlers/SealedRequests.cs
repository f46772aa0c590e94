using Init.Sealing;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>Opens sealed requests, and knows which requests must not come open.</summary>
/// <param name="keys">The enclave's.</param>
/// <param name="isRequired">Whether requests that can have secrets are refused unless they are sealed.</param>
internal sealed class SealedRequests(KeyRing keys, bool isRequired)
{
    /// <summary>Refuses what has to be sealed and is not.</summary>
    /// <exception cref="RequestException">Unauthorised.</exception>
    public void RequireSealed(Operation operation)
    {
        if (isRequired && SealedRequest.MayHaveSecrets(operation))
        {
            throw new RequestException(ErrorCode.Unauthorised, $"{operation.ToString().ToLowerInvariant()}: sealed requests only (init.require_sealed)");
        }
    }

    /// <summary>Opens a request in its message's memory.</summary>
    /// <param name="request">Decoded from the message.</param>
    /// <param name="message">Of which the request's boxes are the last bytes: they become what they hold, and zeros.</param>
    /// <param name="context">The request's.</param>
    /// <exception cref="SealingException">Each of its reasons.</exception>
    public OpenedContext Open(SealedRequest request, Memory<byte> message, IRequestContext context)
    {
        RequestHeader header = new(request.KeyId, request.SealedOperation, request.AssociatedData);
        Memory<byte> boxes = message[^request.Boxes.Length..];
        OpenedRequest opened = OpenedRequest.Open(keys, header, request.Encapsulated.Span, boxes.Span);
        return new OpenedContext(opened, boxes[..opened.MessageBytes], context);
    }
}
