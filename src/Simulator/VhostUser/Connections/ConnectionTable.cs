namespace Init.Simulator.VhostUser.Connections;

/// <summary>All connections, by the token that epoll knows and by the key that the guest knows.</summary>
internal sealed class ConnectionTable
{
    /// <summary>Where ports of connections from the host start: above what programs listen on, as in Firecracker.</summary>
    private const uint FirstHostPort = 1U << 30;

    private readonly Dictionary<ulong, VsockConnection> _byToken = [];
    private readonly Dictionary<ConnectionKey, VsockConnection> _byKey = [];
    private ulong _nextToken;
    private uint _nextHostPort = FirstHostPort;

    public ConnectionTable(ulong firstToken) => _nextToken = firstToken;

    /// <summary>How many there are.</summary>
    public int Count => _byToken.Count;

    /// <summary>All of them; not to be walked while one is added or removed.</summary>
    public IReadOnlyCollection<VsockConnection> All => _byToken.Values;

    /// <summary>Makes one that the guest does not know yet.</summary>
    public VsockConnection Add(ConnectionState state)
    {
        var connection = new VsockConnection { Token = _nextToken++, State = state };
        _byToken.Add(connection.Token, connection);
        return connection;
    }

    /// <summary>Lets the guest know it under a key that is free.</summary>
    public void Name(VsockConnection connection, ConnectionKey key)
    {
        connection.Key = key;
        _byKey.Add(key, connection);
    }

    /// <summary>A key for a connection from the host to a port of the guest.</summary>
    public ConnectionKey FreeKey(ulong hostCid, uint guestPort)
    {
        ConnectionKey key;
        do
        {
            key = new ConnectionKey(hostCid, guestPort, _nextHostPort);
            _nextHostPort = _nextHostPort == uint.MaxValue ? FirstHostPort : _nextHostPort + 1;
        }
        while (_byKey.ContainsKey(key));

        return key;
    }

    public VsockConnection? Find(ulong token) => _byToken.GetValueOrDefault(token);

    public VsockConnection? Find(ConnectionKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>The guest knows it no more; its key may come again. Nothing happens when another has the key by now.</summary>
    public void Forget(VsockConnection connection)
    {
        if (_byKey.TryGetValue(connection.Key, out VsockConnection? named) && named == connection)
        {
            _byKey.Remove(connection.Key);
        }
    }

    /// <summary>It is over.</summary>
    public void Remove(VsockConnection connection)
    {
        Forget(connection);
        _byToken.Remove(connection.Token);
    }
}
