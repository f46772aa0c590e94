namespace Init.Server;

/// <summary>Answers messages. The server knows connections, frames and bytes; what a message means is known behind this.</summary>
internal interface IRequestRouter
{
    /// <summary>Whether a request is answered at once and from what is there, so that no cap on work holds it up. Any thread.</summary>
    /// <param name="message">A whole message; may be anything.</param>
    bool IsLight(ReadOnlySpan<byte> message);

    /// <summary>
    /// Whether a request is answered by whoever asks, in microseconds, and before <see cref="AnswerAsync"/> returns: no waiting, no file, no work
    /// that grows with the message. The answer to one of at most 1 KiB has none of the message's memory. Any thread.
    /// </summary>
    /// <param name="message">A whole message; may be anything.</param>
    bool IsImmediate(ReadOnlySpan<byte> message);

    /// <summary>
    /// Answers a request that is short, needs nothing but its own bytes and cannot fail. <see cref="AnswerAsync"/> would have made the same reply.
    /// Any thread; never throws.
    /// </summary>
    /// <param name="message">A whole message; may be anything.</param>
    /// <param name="reply">Receives the reply's body.</param>
    /// <returns>The body's length; 0: this is not such a request, or there is no room.</returns>
    int AnswerAtOnce(ReadOnlySpan<byte> message, Span<byte> reply);

    /// <summary>Answers a request. Never throws: what goes wrong is an answer too.</summary>
    /// <param name="message">
    /// The router's until the task completes, or the answer is written if it is of the message: a sealed request is opened in it.
    /// </param>
    /// <param name="context">The request's.</param>
    ValueTask<Answer> AnswerAsync(Memory<byte> message, IRequestContext context);

    /// <summary>The body of an error that the server itself finds.</summary>
    ReadOnlyMemory<byte> EncodeError(RequestException error);
}
