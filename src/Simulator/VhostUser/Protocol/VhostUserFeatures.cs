namespace Init.Simulator.VhostUser.Protocol;

/// <summary>Feature bits: the device's and the protocol's.</summary>
internal static class VhostUserFeatures
{
    /// <summary>VIRTIO_F_INDIRECT_DESC.</summary>
    public const ulong IndirectDescriptors = 1UL << 28;

    /// <summary>VHOST_USER_F_PROTOCOL_FEATURES.</summary>
    public const ulong ProtocolFeatures = 1UL << 30;

    /// <summary>VIRTIO_F_VERSION_1.</summary>
    public const ulong Version1 = 1UL << 32;

    /// <summary>VHOST_USER_PROTOCOL_F_REPLY_ACK.</summary>
    public const ulong ReplyAck = 1UL << 3;

    /// <summary>VHOST_USER_PROTOCOL_F_CONFIG.</summary>
    public const ulong Config = 1UL << 9;

    /// <summary>What the device offers.</summary>
    public const ulong Offered = IndirectDescriptors | ProtocolFeatures | Version1;

    /// <summary>What the protocol offers.</summary>
    public const ulong OfferedProtocol = ReplyAck | Config;
}
