namespace Init.Eif;

/// <summary>Hands a stream out in pieces of limited size, and in single bytes from a position on.</summary>
internal sealed class DeflateFeed(Stream below, long start, long bytewiseFrom) : ForwardStream
{
    private const int PieceBytes = 4096;

    /// <summary>Up to where it handed out, in the stream below.</summary>
    public long FedUpTo { get; private set; } = start;

    /// <summary>Where the piece began that it handed out last.</summary>
    public long LastPieceStart { get; private set; } = start;

    public override int Read(Span<byte> buffer)
    {
        int wanted = FedUpTo >= bytewiseFrom ? 1 : (int)Math.Min(Math.Min(PieceBytes, buffer.Length), bytewiseFrom - FedUpTo);
        below.Position = FedUpTo;
        int read = below.Read(buffer[..wanted]);
        if (read > 0)
        {
            LastPieceStart = FedUpTo;
            FedUpTo += read;
        }

        return read;
    }
}
