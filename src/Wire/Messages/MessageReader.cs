namespace Init.Wire;

/// <summary>Reads one message: deterministic CBOR, byte strings as slices of the message.</summary>
internal ref struct MessageReader
{
    private readonly ReadOnlyMemory<byte> _message;
    private CborReader _cbor;

    /// <summary>Checks that all of <paramref name="message"/> is one deterministic data item.</summary>
    /// <exception cref="WireException">Malformed. TooLarge.</exception>
    public MessageReader(ReadOnlyMemory<byte> message)
    {
        if (message.Length > WireLimits.MaxMessageBytes)
        {
            throw WireException.TooLarge($"read message: {message.Length} bytes, limit {WireLimits.MaxMessageBytes}");
        }

        _message = message;
        _cbor = new CborReader(message.Span, CborRules.Deterministic);
    }

    /// <summary>Enters an array of <paramref name="count"/> items.</summary>
    public void ReadArrayOf(int count, string name)
    {
        int found = ReadArrayUpTo(int.MaxValue, name);
        if (found != count)
        {
            throw WireException.Malformed($"read {name}: array of {found}, expected {count}");
        }
    }

    /// <summary>Enters an array of at most <paramref name="max"/> items and returns their number.</summary>
    public int ReadArrayUpTo(int max, string name) => Limited(_cbor.ReadArray().Count.GetValueOrDefault(), max, name);

    /// <summary>Enters a map of at most <paramref name="max"/> pairs, keys of any type, and returns their number.</summary>
    public int ReadMapUpTo(int max, string name) => Limited(_cbor.ReadMap().Count.GetValueOrDefault(), max, name);

    /// <summary>Enters a map with unsigned keys, which are asked for in ascending order.</summary>
    public MapFields ReadFields(string name) => new(name, _cbor.ReadMap().Count.GetValueOrDefault());

    /// <summary>Moves to the value of <paramref name="key"/> if the map has it.</summary>
    public bool TryReadKey(ref MapFields fields, ulong key)
    {
        if (fields.Key is null && fields.Left > 0)
        {
            fields.Left--;
            fields.Key = _cbor.ReadUInt64();
        }

        if (fields.Key != key)
        {
            return false;
        }

        fields.Key = null;
        return true;
    }

    /// <summary>Moves to the value of <paramref name="key"/>.</summary>
    /// <exception cref="WireException">Malformed: the map does not have it.</exception>
    public void ReadKey(ref MapFields fields, ulong key)
    {
        if (!TryReadKey(ref fields, key))
        {
            throw WireException.Malformed($"read {fields.Name}: no field {key}");
        }
    }

    public ulong ReadUInt64() => _cbor.ReadUInt64();

    public uint ReadUInt32() => _cbor.ReadUInt32();

    public long ReadInt64() => _cbor.ReadInt64();

    public bool ReadBoolean() => _cbor.ReadBoolean();

    public bool TryReadNull() => _cbor.TryReadNull();

    /// <summary>Reads text of at most <paramref name="maxBytes"/> bytes.</summary>
    public string ReadText(int maxBytes) => _cbor.ReadText(maxBytes);

    /// <summary>Reads the number of an enumeration's value from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public byte ReadEnum(byte min, byte max, string name)
    {
        ulong value = ReadUInt64();
        return value >= min && value <= max ? (byte)value : throw WireException.Malformed($"read {name}: unknown value {value}");
    }

    /// <summary>Reads bytes as a slice of the message.</summary>
    /// <exception cref="WireException">Malformed: fewer than <paramref name="min"/>. TooLarge: more than <paramref name="max"/>.</exception>
    public ReadOnlyMemory<byte> ReadBytes(string name, int min = 0, int max = WireLimits.MaxMessageBytes)
    {
        ReadOnlyMemory<byte> bytes = _message[_cbor.ReadByteStringRange()];
        if (bytes.Length < min)
        {
            throw WireException.Malformed($"read {name}: {bytes.Length} bytes, at least {min}");
        }

        return bytes.Length <= max ? bytes : throw WireException.TooLarge($"read {name}: {bytes.Length} bytes, limit {max}");
    }

    /// <summary>Requires that everything has been read.</summary>
    public readonly void ReadEnd() => _cbor.ReadEnd();

    private static int Limited(int count, int max, string name) => count <= max
        ? count
        : throw WireException.TooLarge($"read {name}: {count} entries, limit {max}");
}
