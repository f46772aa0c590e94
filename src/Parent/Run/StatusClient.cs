using Init.Client;
using Init.Wire;

namespace Init.Parent.Run;

/// <summary>Asks the enclave how it is, over one connection that is made anew when it breaks.</summary>
internal sealed class StatusClient(string socketPath, TimeSpan timeout) : IDisposable
{
    private EnclaveClient? _client;

    /// <summary>How the enclave is; null when it does not answer.</summary>
    public async Task<HealthReply?> AskAsync(CancellationToken cancellation)
    {
        try
        {
            return await (await ClientAsync(cancellation)).HealthAsync(cancellation).WaitAsync(timeout, cancellation);
        }
        catch (Exception failure) when (failure is ClientException or TimeoutException)
        {
            Dispose();
            return null;
        }
    }

    /// <summary>Tells the enclave to finish and end; returns how many requests it still works on.</summary>
    /// <exception cref="ClientException">It does not answer.</exception>
    public async Task<ulong> ShutDownAsync()
    {
        using CancellationTokenSource limit = new(timeout);
        try
        {
            return (await (await ClientAsync(limit.Token)).ShutDownAsync(limit.Token)).Draining;
        }
        catch (OperationCanceledException)
        {
            throw new ClientException(ClientError.Deadline, "tell the enclave to end: no answer");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client?.Dispose();
        _client = null;
    }

    /// <summary>Connecting blocks, so it is done elsewhere.</summary>
    private async Task<EnclaveClient> ClientAsync(CancellationToken cancellation) =>
        _client ??= await Task.Run(() => EnclaveClient.Open(EnclaveAddress.Parse($"simulator:{socketPath}"), timeout, new EnclaveClientOptions { RetryFor = TimeSpan.Zero }), cancellation);
}
