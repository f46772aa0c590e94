namespace Init.Wire;

/// <summary>What a server allows. Counts and bytes above which it answers <c>busy</c> or <c>too large</c>, and times in milliseconds.</summary>
public sealed record ServerLimits
{
    /// <summary>Body of a frame.</summary>
    public required uint FrameBytes { get; init; }

    /// <summary>A message.</summary>
    public required uint MessageBytes { get; init; }

    /// <summary>Connections at a time.</summary>
    public required uint Connections { get; init; }

    /// <summary>Requests in flight on a connection.</summary>
    public required uint ConnectionRequests { get; init; }

    /// <summary>Requests in flight in all.</summary>
    public required uint Requests { get; init; }

    /// <summary>Bytes of messages held in all.</summary>
    public required ulong BytesInFlight { get; init; }

    /// <summary>Proofs made at a time.</summary>
    public required uint Proofs { get; init; }

    /// <summary>Prove requests that wait.</summary>
    public required uint ProveQueue { get; init; }

    /// <summary>Stored circuits.</summary>
    public required uint Circuits { get; init; }

    /// <summary>Bytes of stored circuits.</summary>
    public required ulong CircuitBytes { get; init; }

    /// <summary>Nonce of attest.</summary>
    public required uint NonceBytes { get; init; }

    /// <summary>User data of attest.</summary>
    public required uint UserDataBytes { get; init; }

    /// <summary>From a frame's first byte to its last.</summary>
    public required uint FrameMs { get; init; }

    /// <summary>Between frames of an unfinished message.</summary>
    public required uint MessageMs { get; init; }

    /// <summary>Without a request in flight and without bytes.</summary>
    public required uint IdleMs { get; init; }

    /// <summary>While a reply waits and the client reads nothing.</summary>
    public required uint UnreadReplyMs { get; init; }

    /// <summary>Of a prove request that names none.</summary>
    public required uint DefaultProveDeadlineMs { get; init; }

    /// <summary>The longest of a prove request.</summary>
    public required uint MaxProveDeadlineMs { get; init; }

    /// <summary>Of another request that names none.</summary>
    public required uint DefaultDeadlineMs { get; init; }

    /// <summary>The longest of another request.</summary>
    public required uint MaxDeadlineMs { get; init; }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteMapHeader(20);
        writer.WriteUInt64(1);
        writer.WriteUInt64(FrameBytes);
        writer.WriteUInt64(2);
        writer.WriteUInt64(MessageBytes);
        writer.WriteUInt64(3);
        writer.WriteUInt64(Connections);
        writer.WriteUInt64(4);
        writer.WriteUInt64(ConnectionRequests);
        writer.WriteUInt64(5);
        writer.WriteUInt64(Requests);
        writer.WriteUInt64(6);
        writer.WriteUInt64(BytesInFlight);
        writer.WriteUInt64(7);
        writer.WriteUInt64(Proofs);
        writer.WriteUInt64(8);
        writer.WriteUInt64(ProveQueue);
        writer.WriteUInt64(9);
        writer.WriteUInt64(Circuits);
        writer.WriteUInt64(10);
        writer.WriteUInt64(CircuitBytes);
        writer.WriteUInt64(11);
        writer.WriteUInt64(NonceBytes);
        writer.WriteUInt64(12);
        writer.WriteUInt64(UserDataBytes);
        writer.WriteUInt64(13);
        writer.WriteUInt64(FrameMs);
        writer.WriteUInt64(14);
        writer.WriteUInt64(MessageMs);
        writer.WriteUInt64(15);
        writer.WriteUInt64(IdleMs);
        writer.WriteUInt64(16);
        writer.WriteUInt64(UnreadReplyMs);
        writer.WriteUInt64(17);
        writer.WriteUInt64(DefaultProveDeadlineMs);
        writer.WriteUInt64(18);
        writer.WriteUInt64(MaxProveDeadlineMs);
        writer.WriteUInt64(19);
        writer.WriteUInt64(DefaultDeadlineMs);
        writer.WriteUInt64(20);
        writer.WriteUInt64(MaxDeadlineMs);
    }

    internal static ServerLimits Read(ref MessageReader reader)
    {
        MapFields fields = reader.ReadFields("limits");
        reader.ReadKey(ref fields, 1);
        uint frameBytes = reader.ReadUInt32();
        reader.ReadKey(ref fields, 2);
        uint messageBytes = reader.ReadUInt32();
        reader.ReadKey(ref fields, 3);
        uint connections = reader.ReadUInt32();
        reader.ReadKey(ref fields, 4);
        uint connectionRequests = reader.ReadUInt32();
        reader.ReadKey(ref fields, 5);
        uint requests = reader.ReadUInt32();
        reader.ReadKey(ref fields, 6);
        ulong bytesInFlight = reader.ReadUInt64();
        reader.ReadKey(ref fields, 7);
        uint proofs = reader.ReadUInt32();
        reader.ReadKey(ref fields, 8);
        uint proveQueue = reader.ReadUInt32();
        reader.ReadKey(ref fields, 9);
        uint circuits = reader.ReadUInt32();
        reader.ReadKey(ref fields, 10);
        ulong circuitBytes = reader.ReadUInt64();
        reader.ReadKey(ref fields, 11);
        uint nonceBytes = reader.ReadUInt32();
        reader.ReadKey(ref fields, 12);
        uint userDataBytes = reader.ReadUInt32();
        reader.ReadKey(ref fields, 13);
        uint frameMs = reader.ReadUInt32();
        reader.ReadKey(ref fields, 14);
        uint messageMs = reader.ReadUInt32();
        reader.ReadKey(ref fields, 15);
        uint idleMs = reader.ReadUInt32();
        reader.ReadKey(ref fields, 16);
        uint unreadReplyMs = reader.ReadUInt32();
        reader.ReadKey(ref fields, 17);
        uint defaultProveDeadlineMs = reader.ReadUInt32();
        reader.ReadKey(ref fields, 18);
        uint maxProveDeadlineMs = reader.ReadUInt32();
        reader.ReadKey(ref fields, 19);
        uint defaultDeadlineMs = reader.ReadUInt32();
        reader.ReadKey(ref fields, 20);
        uint maxDeadlineMs = reader.ReadUInt32();
        fields.ReadEnd();
        return new ServerLimits
        {
            FrameBytes = frameBytes,
            MessageBytes = messageBytes,
            Connections = connections,
            ConnectionRequests = connectionRequests,
            Requests = requests,
            BytesInFlight = bytesInFlight,
            Proofs = proofs,
            ProveQueue = proveQueue,
            Circuits = circuits,
            CircuitBytes = circuitBytes,
            NonceBytes = nonceBytes,
            UserDataBytes = userDataBytes,
            FrameMs = frameMs,
            MessageMs = messageMs,
            IdleMs = idleMs,
            UnreadReplyMs = unreadReplyMs,
            DefaultProveDeadlineMs = defaultProveDeadlineMs,
            MaxProveDeadlineMs = maxProveDeadlineMs,
            DefaultDeadlineMs = defaultDeadlineMs,
            MaxDeadlineMs = maxDeadlineMs,
        };
    }

    /// <summary>The specification's numbers. A server may be configured to lower or higher caps; times and sizes of the format are these.</summary>
    public static ServerLimits Default { get; } = new()
    {
        FrameBytes = WireLimits.MaxFrameBodyBytes,
        MessageBytes = WireLimits.MaxMessageBytes,
        Connections = 1024,
        ConnectionRequests = 16,
        Requests = 64,
        BytesInFlight = 384 * 1024 * 1024,
        Proofs = 1,
        ProveQueue = 8,
        Circuits = 64,
        CircuitBytes = 256 * 1024 * 1024,
        NonceBytes = WireLimits.MaxNonceBytes,
        UserDataBytes = WireLimits.MaxUserDataBytes,
        FrameMs = 10_000,
        MessageMs = 30_000,
        IdleMs = 120_000,
        UnreadReplyMs = 30_000,
        DefaultProveDeadlineMs = WireLimits.DefaultProveDeadlineMs,
        MaxProveDeadlineMs = WireLimits.MaxProveDeadlineMs,
        DefaultDeadlineMs = WireLimits.DefaultDeadlineMs,
        MaxDeadlineMs = WireLimits.MaxDeadlineMs,
    };
}
