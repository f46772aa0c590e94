using Init.Wire;

namespace Init.Client;

/// <content>One call: sealed where it can have secrets, tried again where that is safe.</content>
public sealed partial class EnclaveClient
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private async Task<T> CallAsync<T>(Request request, CancellationToken cancellation, IProgress<ProgressEvent>? progress = null)
        where T : Reply
    {
        long begin = _options.Time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            Trust? trust = _trust;
            bool isSealed = trust is not null && SealedRequest.IsSealable(request.Operation);
            ClientException failure;
            try
            {
                return (T)await SendAsync(request, isSealed ? trust : null, progress, cancellation).ConfigureAwait(false);
            }
            catch (ClientException exception)
            {
                failure = exception;
            }

            TimeSpan? pause = PauseBefore(request, failure, isSealed, attempt);
            if (pause is null || _options.Time.GetElapsedTime(begin) + pause > _options.RetryFor)
            {
                throw isSealed && failure is { Reply: { } reply, IsAuthentic: false } ? ClientException.InTheOpen(AnswerReader.NameOf(request.Operation), reply) : failure;
            }

            if (failure.Reply?.Code == ErrorCode.UnknownKey)
            {
                await AttestAgainAsync(trust!, cancellation).ConfigureAwait(false);
            }

            await Task.Delay(pause.Value, _options.Time, cancellation).ConfigureAwait(false);
        }
    }

    // Sealed where there is somebody to seal it to.
    private Task<Reply> SendAsync(Request request, Trust? trust, IProgress<ProgressEvent>? progress, CancellationToken cancellation)
    {
        if (trust is null && !_options.Insecure && SealedRequest.MayHaveSecrets(request.Operation))
        {
            throw new ClientException(
                ClientError.NotAttested, $"{AnswerReader.NameOf(request.Operation)}: the enclave has not attested, and whoever is on the way would read this");
        }

        return _connections.UseAsync(
            connection => trust is not null
                ? connection.SendSealedAsync(request, trust.Enclave, progress, cancellation)
                : connection.SendAsync(request, progress, cancellation),
            cancellation);
    }

    /// <summary>How long to wait before a call is tried again; null: not again. All but a shutdown may be done twice.</summary>
    /// <remarks>Nothing that was not sealed has a key to be unknown: to attest again because an attestation was answered so would never end.</remarks>
    private static TimeSpan? PauseBefore(Request request, ClientException failure, bool isSealed, int attempt) => failure switch
    {
        { Reply.Code: ErrorCode.Busy } => Jittered(TimeSpan.FromMilliseconds(failure.Reply.RetryAfterMs ?? 0), attempt),
        { Reply.Code: ErrorCode.UnknownKey } => isSealed ? AtOnceThenJittered(attempt) : null,
        { EndedConnection: true, Reply.Code: ErrorCode.Deadline } => TimeSpan.Zero, // it had been idle for too long
        { Error: ClientError.ConnectionLost or ClientError.Unreachable } when request.Operation != Operation.Shutdown => AtOnceThenJittered(attempt),
        _ => null,
    };

    private static TimeSpan AtOnceThenJittered(int attempt) => attempt == 1 ? TimeSpan.Zero : Jittered(TimeSpan.Zero, attempt);

    // At least what the enclave asks for, and more each time; spread, so that those it turned away together do not come back together.
    private static TimeSpan Jittered(TimeSpan hint, int attempt)
    {
        TimeSpan backoff = FirstPause * Math.Pow(2, Math.Min(attempt, 10) - 1);
        backoff = backoff < LongestPause ? backoff : LongestPause;
        return hint + (backoff * Random.Shared.NextDouble());
    }

    /// <summary>The enclave does not have the key any more: it has changed it, or is another one, which the same policy judges.</summary>
    private async Task AttestAgainAsync(Trust stale, CancellationToken cancellation)
    {
        await _attesting.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // Calls that failed together attest once. What the caller has come to trust meanwhile, under a policy of today, stays.
            if (_trust == stale)
            {
                AttestedEnclave enclave = await AttestOnceAsync(stale.Verifier, stale.OnlyDebug, cancellation).ConfigureAwait(false);
                Interlocked.CompareExchange(ref _trust, stale with { Enclave = enclave }, stale);
            }
        }
        finally
        {
            _attesting.Release();
        }
    }
}
