using Init.Attestation;
using Init.Wire;

namespace Init.Client;

/// <summary>The only exception this room throws, besides <see cref="OperationCanceledException"/> when the caller cancels.</summary>
public sealed class ClientException : Exception
{
    /// <summary>A failure on this side of the connection, or of it.</summary>
    /// <param name="error">The reason, for programs.</param>
    /// <param name="message">Operation, object, cause, for people.</param>
    /// <param name="innerException">What was thrown below, where there was such a thing.</param>
    public ClientException(ClientError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The enclave's error.</summary>
    /// <param name="operation">What was asked for.</param>
    /// <param name="reply">What it answered.</param>
    public ClientException(string operation, ErrorReply reply)
        : base($"{operation}: {reply.Code}: {reply.Message}")
    {
        Error = ClientError.Refused;
        Reply = reply;
    }

    private ClientException(ClientError error, string message, ErrorReply reply)
        : base(message) => (Error, Reply) = (error, reply);

    /// <summary>A document that the policy refuses.</summary>
    /// <param name="report">With the step that failed.</param>
    public ClientException(AttestationReport report)
        : base($"attest: {report.Refusal?.Step}: {report.Refusal?.Detail}")
    {
        Error = ClientError.AttestationRefused;
        Report = report;
    }

    /// <summary>The reason, for programs.</summary>
    public ClientError Error { get; }

    /// <summary>The error that came, with <see cref="ClientError.Refused"/> and <see cref="ClientError.RefusedInTheOpen"/>.</summary>
    public ErrorReply? Reply { get; }

    /// <summary>Whether <see cref="Reply"/> was sealed, so that only the enclave can have made it.</summary>
    public bool IsAuthentic { get; internal init; }

    /// <summary>Whether <see cref="Reply"/> ended the connection rather than one request.</summary>
    internal bool EndedConnection { get; init; }

    /// <summary>An error that was not sealed, to a request that was.</summary>
    internal static ClientException InTheOpen(string operation, ErrorReply reply) =>
        new(ClientError.RefusedInTheOpen, $"{operation}: {reply.Code}: {reply.Message} (not sealed: whoever is on the way can have said so)", reply);

    /// <summary>What is wrong with the document, with <see cref="ClientError.AttestationRefused"/>; null where it could not even be read.</summary>
    public AttestationReport? Report { get; }
}
