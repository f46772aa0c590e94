namespace Init.Wire;

/// <summary>What a frame's message is.</summary>
public enum FrameKind : byte
{
    /// <summary>Client to server.</summary>
    Request = 0,

    /// <summary>Server to client: the request's answer.</summary>
    Reply = 1,

    /// <summary>Server to client, before the answer.</summary>
    Progress = 2,

    /// <summary>Server to client: the request's failure, or with id 0 the connection's.</summary>
    Error = 3,
}
