using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Init.Sealing;

/// <summary>The enclave's keys: one that is attested, its predecessor while requests sealed to it may still come, and what was opened.</summary>
/// <remarks>
/// Any thread. Keys change when their time is over or when they have opened all they may; what is over is erased by a timer, whether
/// somebody asks or not. A request is accepted once in the life of the process: its key remembers it until the key is erased, and an
/// erased key opens nothing.
/// </remarks>
public sealed class KeyRing : IDisposable
{
    /// <summary>Bytes of a key's id.</summary>
    public const int IdBytes = SHA256.HashSizeInBytes;

    private readonly object _lock = new();
    private readonly List<Entry> _entries = []; // the current one last
    private readonly TimeProvider _time;
    private readonly KeyRingOptions _options;
    private readonly ITimer _timer;
    private bool _isDisposed;

    /// <summary>Makes the first key. The kernel's generator must have been seeded.</summary>
    /// <param name="options">When keys change.</param>
    /// <param name="time">Monotonic time and timers.</param>
    /// <exception cref="CryptographicException">OpenSSL's reason.</exception>
    public KeyRing(KeyRingOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRequestsPerKey, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Overlap, options.Lifetime); // so that there are two keys at most
        (_options, _time) = (options, time);
        _timer = time.CreateTimer(static ring => ((KeyRing)ring!).Advance(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Rotate();
        Advance();
    }

    /// <summary>The public key that attestation documents carry now: DER (RFC 5480), 120 bytes.</summary>
    public ReadOnlyMemory<byte> CurrentPublicKey
    {
        get
        {
            lock (_lock)
            {
                ExpireOld();
                return _entries[^1].Key.SubjectPublicKeyInfo;
            }
        }
    }

    /// <summary>Keys that open requests now: one or two.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>A key's id: SHA-256 of its SubjectPublicKeyInfo.</summary>
    public static byte[] IdOf(ReadOnlySpan<byte> subjectPublicKeyInfo) => SHA256.HashData(subjectPublicKeyInfo);

    /// <summary>Erases all keys.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _isDisposed = true;
            foreach (Entry entry in _entries)
            {
                entry.Key.Dispose();
            }

            _entries.Clear();
        }
    }

    /// <summary>A key by its id.</summary>
    /// <exception cref="SealingException">UnknownKey.</exception>
    internal HpkePrivateKey Find(ReadOnlySpan<byte> id)
    {
        lock (_lock)
        {
            return Held(id).Key;
        }
    }

    /// <summary>Remembers a request that has opened.</summary>
    /// <exception cref="SealingException">Replayed; UnknownKey: the key was erased meanwhile.</exception>
    internal void RefuseReplay(ReadOnlySpan<byte> id, ReadOnlySpan<byte> encapsulated)
    {
        UInt128 mark = BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(encapsulated));
        lock (_lock)
        {
            Entry entry = Held(id);
            if (!entry.Opened.Add(mark))
            {
                throw new SealingException(SealingError.Replayed, "open: the request was opened before");
            }

            if (entry.Opened.Count >= _options.MaxRequestsPerKey)
            {
                Erase(entry);
            }
        }
    }

    // Under the lock.
    private Entry Held(ReadOnlySpan<byte> id)
    {
        ExpireOld();
        foreach (Entry entry in _entries)
        {
            if (id.SequenceEqual(entry.Id))
            {
                return entry;
            }
        }

        throw new SealingException(SealingError.UnknownKey, "open: no key of that id; ask for an attestation document of now");
    }

    private void Advance()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                ExpireOld();
            }
        }
    }

    // Under the lock. The clock is read once: what is not over then is due later, however long this takes.
    private void ExpireOld()
    {
        long now = _time.GetTimestamp();
        TimeSpan AgeOf(Entry entry) => _time.GetElapsedTime(entry.MadeAt, now);
        if (AgeOf(_entries[^1]) >= _options.Lifetime)
        {
            Rotate();
        }

        // Both, where the machine stood still.
        TimeSpan old = _options.Lifetime + _options.Overlap;
        while (AgeOf(_entries[0]) >= old)
        {
            Erase(_entries[0]);
        }

        TimeSpan rotatesIn = _options.Lifetime - AgeOf(_entries[^1]);
        TimeSpan expiresIn = old - AgeOf(_entries[0]);
        _timer.Change(rotatesIn < expiresIn ? rotatesIn : expiresIn, Timeout.InfiniteTimeSpan);
    }

    // Under the lock. There is always a current key.
    private void Erase(Entry entry)
    {
        bool wasCurrent = entry == _entries[^1];
        _entries.Remove(entry);
        entry.Key.Dispose();
        if (wasCurrent)
        {
            Rotate();
        }
    }

    // Under the lock.
    private void Rotate()
    {
        HpkePrivateKey key = HpkePrivateKey.Generate(HpkeSuite.P384Sha384Aes256);
        _entries.Add(new Entry(key, IdOf(key.SubjectPublicKeyInfo.Span), _time.GetTimestamp()));
    }

    private sealed record Entry(HpkePrivateKey Key, byte[] Id, long MadeAt)
    {
        public HashSet<UInt128> Opened { get; } = [];
    }
}
