namespace Init.Wire;

/// <summary>A request's failure, or with id 0 the connection's.</summary>
/// <param name="Code">Why, for programs.</param>
/// <param name="Message">Why, for people; at most 256 bytes.</param>
/// <param name="RetryAfterMs">With <see cref="ErrorCode.Busy"/>: when to come back; null where that makes no sense.</param>
public sealed record ErrorReply(ErrorCode Code, string Message, uint? RetryAfterMs)
{
    private const int Elements = 3;

    /// <summary>An error whose message is cut to what the wire allows.</summary>
    public static ErrorReply Of(ErrorCode code, string message, uint? retryAfterMs = null) =>
        new(code, Utf8Text.Fit(message, WireLimits.MaxErrorMessageBytes), retryAfterMs);

    internal void Write(ref CborWriter writer)
    {
        writer.WriteArrayHeader(Elements);
        writer.WriteUInt64((ulong)Code);
        writer.WriteText(Message);
        if (RetryAfterMs is uint retryAfterMs)
        {
            writer.WriteUInt64(retryAfterMs);
        }
        else
        {
            writer.WriteNull();
        }
    }

    internal static ErrorReply Read(ref MessageReader reader)
    {
        reader.ReadArrayOf(Elements, "error");
        ErrorCode code = (ErrorCode)reader.ReadEnum((byte)ErrorCode.Malformed, (byte)ErrorCode.Replayed, "error code");
        string message = reader.ReadText(WireLimits.MaxErrorMessageBytes);
        return new ErrorReply(code, message, reader.TryReadNull() ? null : reader.ReadUInt32());
    }
}
