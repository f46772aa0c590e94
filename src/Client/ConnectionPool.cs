using Init.Wire;

namespace Init.Client;

/// <summary>A client's connections to one enclave: opened when there are none, or when all are full; those that ended are dropped.</summary>
internal sealed class ConnectionPool(EnclaveAddress address, TimeSpan connectTimeout, int maxConnections) : IDisposable
{
    // What an enclave takes of one connection before it says busy, where it is not configured to another number.
    private static readonly int FullAt = (int)ServerLimits.Default.ConnectionRequests;

    private readonly SemaphoreSlim _opening = new(1);
    private readonly List<Slot> _slots = [];
    private bool _isDisposed;

    /// <summary>Opens the first connection.</summary>
    /// <exception cref="ClientException">Unreachable.</exception>
    public void Open() => Add(EnclaveConnection.Open(address, connectTimeout));

    /// <summary>Makes a call on the connection with the fewest under way.</summary>
    /// <exception cref="ClientException">Unreachable; and what the call throws.</exception>
    public async Task<T> UseAsync<T>(Func<EnclaveConnection, Task<T>> call, CancellationToken cancellation)
    {
        Slot slot = TryTake() ?? await OpenAnotherAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await call(slot.Connection).ConfigureAwait(false);
        }
        finally
        {
            lock (_slots)
            {
                slot.Calls--;
            }
        }
    }

    /// <summary>Closes all.</summary>
    public void Dispose()
    {
        Slot[] slots;
        lock (_slots)
        {
            _isDisposed = true;
            slots = [.. _slots];
            _slots.Clear();
        }

        foreach (Slot slot in slots)
        {
            slot.Connection.Dispose();
        }
    }

    private async Task<Slot> OpenAnotherAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // Whoever waited here before may have opened one.
            if (TryTake() is { } slot)
            {
                return slot;
            }

            Add(await Task.Run(() => EnclaveConnection.Open(address, connectTimeout), cancellation).ConfigureAwait(false));
            return TryTake() ?? throw new ClientException(ClientError.ConnectionLost, $"{address}: closed by the peer at once");
        }
        finally
        {
            _opening.Release();
        }
    }

    private Slot? TryTake()
    {
        lock (_slots)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            foreach (Slot ended in _slots.FindAll(slot => !slot.Connection.IsOpen))
            {
                _slots.Remove(ended);
                ended.Connection.Dispose();
            }

            Slot? idlest = _slots.MinBy(slot => slot.Calls);
            if (idlest is null || (idlest.Calls >= FullAt && _slots.Count < maxConnections))
            {
                return null;
            }

            idlest.Calls++;
            return idlest;
        }
    }

    private void Add(EnclaveConnection connection)
    {
        lock (_slots)
        {
            if (!_isDisposed)
            {
                _slots.Add(new Slot(connection));
                return;
            }
        }

        connection.Dispose();
        throw new ObjectDisposedException(nameof(ConnectionPool));
    }

    private sealed class Slot(EnclaveConnection connection)
    {
        public EnclaveConnection Connection { get; } = connection;

        /// <summary>Calls under way. Guarded by the pool's lock.</summary>
        public int Calls { get; set; }
    }
}
