namespace Init.Wire;

/// <summary>A map with unsigned keys that is being read in the order of its keys: see <see cref="MessageReader"/>.</summary>
internal struct MapFields(string name, int left)
{
    /// <summary>What the map is, for messages.</summary>
    public string Name { get; } = name;

    /// <summary>Keys not read yet.</summary>
    public int Left { get; set; } = left;

    /// <summary>A key that was read and whose value was not.</summary>
    public ulong? Key { get; set; }

    /// <summary>Requires that every key was asked for.</summary>
    /// <exception cref="WireException">Malformed: the map has others.</exception>
    public readonly void ReadEnd()
    {
        if (Key is not null || Left > 0)
        {
            throw WireException.Malformed($"read {Name}: an unknown field");
        }
    }
}
