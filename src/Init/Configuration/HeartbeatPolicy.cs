namespace Init.Configuration;

/// <summary>What boot does about the heartbeat of the parent (nitro-cli's, port 9000). In the order of the setting's words.</summary>
internal enum HeartbeatPolicy
{
    /// <summary>Nobody answers: the enclave ends.</summary>
    Required,

    /// <summary>Nobody answers: the enclave goes on.</summary>
    Optional,

    /// <summary>It is not sent: another init has done it, or nobody waits for it.</summary>
    Off,
}
