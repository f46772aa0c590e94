namespace Init.Server;

/// <summary>What all connections together hold, against the server's caps. Any thread.</summary>
internal sealed class ServerLoad(ServerSettings settings)
{
    private int _requests;
    private long _bytes;

    /// <summary>Requests that hold a slot.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Bytes of requests and replies.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether there is room now for a request of so many bytes; takes none.</summary>
    public bool HasRoomFor(long count) => Requests < settings.Limits.Requests && Bytes + count <= (long)settings.Limits.BytesInFlight;

    /// <summary>Takes a slot for a request. False: all are taken.</summary>
    public bool TryTakeSlot()
    {
        if (Interlocked.Increment(ref _requests) <= settings.Limits.Requests)
        {
            return true;
        }

        Interlocked.Decrement(ref _requests);
        return false;
    }

    /// <summary>Gives a slot back.</summary>
    public void GiveSlotBack() => Interlocked.Decrement(ref _requests);

    /// <summary>Takes room for bytes that are there already. False: too many are held.</summary>
    /// <param name="count">How many.</param>
    /// <param name="evenAboveTheCap">For what is small and must not wait for others.</param>
    public bool TryTakeBytes(long count, bool evenAboveTheCap = false)
    {
        if (Interlocked.Add(ref _bytes, count) <= (long)settings.Limits.BytesInFlight || evenAboveTheCap)
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -count);
        return false;
    }

    /// <summary>Counts bytes whose limit lies elsewhere, or gives them back when negative.</summary>
    public void AddBytes(long count) => Interlocked.Add(ref _bytes, count);
}
