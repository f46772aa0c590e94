namespace Init.Wire;

/// <summary>The numbers of docs/wire-protocol.md, which a test compares with these.</summary>
public static class WireLimits
{
    /// <summary>Bytes of a frame before its body: length and CRC-32C.</summary>
    public const int FrameHeaderBytes = 8;

    /// <summary>The largest body of a frame.</summary>
    public const int MaxFrameBodyBytes = 1_048_576;

    /// <summary>The largest envelope: array head, id, kind, more, head of the payload.</summary>
    public const int MaxEnvelopeBytes = 1 + 9 + 1 + 1 + 5;

    /// <summary>A payload that fits into a frame whatever its id.</summary>
    public const int MaxFramePayloadBytes = MaxFrameBodyBytes - MaxEnvelopeBytes;

    /// <summary>The largest message: the payloads of its frames together.</summary>
    public const int MaxMessageBytes = 128 * 1024 * 1024;

    /// <summary>Arrays, maps and tags inside each other.</summary>
    public const int MaxCborDepth = 8;

    /// <summary>Data items of a document, those inside others counted.</summary>
    public const int MaxCborItems = 65_536;

    /// <summary>Keys of one map under <see cref="CborRules.WellFormed"/>, where each is compared with each.</summary>
    public const int MaxForeignMapKeys = 128;

    /// <summary>Bytes of a string that is a key under <see cref="CborRules.WellFormed"/>.</summary>
    public const int MaxForeignKeyBytes = 128;

    /// <summary>Bytes of attest's nonce; the NSM's own limit.</summary>
    public const int MaxNonceBytes = 512;

    /// <summary>Bytes of attest's user data: what the enclave's own statement leaves of the NSM's 512.</summary>
    public const int MaxUserDataBytes = 256;

    /// <summary>Bytes of a name or version in the enclave's statement, as UTF-8.</summary>
    public const int MaxStatementNameBytes = 48;

    /// <summary>Bytes of a key's id in a sealed request: a SHA-256.</summary>
    public const int KeyIdBytes = 32;

    /// <summary>Bytes of a sealed request's encapsulated key: an uncompressed point of P-384.</summary>
    public const int EncapsulatedKeyBytes = 97;

    /// <summary>Bytes of a sealed request's associated data.</summary>
    public const int MaxAssociatedDataBytes = 512;

    /// <summary>Bytes of a sealed answer's nonce.</summary>
    public const int AnswerNonceBytes = 32;

    /// <summary>The fewest bytes of boxes: one byte and its tag.</summary>
    public const int MinBoxBytes = 17;

    /// <summary>Bytes of an error's message, as UTF-8.</summary>
    public const int MaxErrorMessageBytes = 256;

    /// <summary>Bytes of any name or version in a reply, as UTF-8.</summary>
    public const int MaxNameBytes = 128;

    /// <summary>Entries of a list or of a table of counts in a health reply.</summary>
    public const int MaxHealthEntries = 64;

    /// <summary>Bytes of a circuit's SHA-256.</summary>
    public const int CircuitDigestBytes = 32;

    /// <summary>Bytes of the configuration's SHA-384.</summary>
    public const int ConfigurationDigestBytes = 48;

    /// <summary>The deadline of a prove request that names none.</summary>
    public const uint DefaultProveDeadlineMs = 120_000;

    /// <summary>The longest deadline of a prove request.</summary>
    public const uint MaxProveDeadlineMs = 3_600_000;

    /// <summary>The deadline of any other request that names none.</summary>
    public const uint DefaultDeadlineMs = 10_000;

    /// <summary>The longest deadline of any other request.</summary>
    public const uint MaxDeadlineMs = 60_000;

    /// <summary>The deadline of a request that names none (<c>deadline_ms</c> 0).</summary>
    public static uint DefaultDeadlineOf(Operation operation) =>
        operation == Operation.Prove ? DefaultProveDeadlineMs : DefaultDeadlineMs;

    /// <summary>The longest deadline that a request may name.</summary>
    public static uint MaxDeadlineOf(Operation operation) => operation switch
    {
        Operation.Prove => MaxProveDeadlineMs,
        Operation.Sealed => 0, // the request inside names its own
        _ => MaxDeadlineMs,
    };
}
