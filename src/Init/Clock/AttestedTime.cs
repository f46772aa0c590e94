using Init.Nsm;

namespace Init.Clock;

/// <summary>The hypervisor's time, from an attestation document made for nothing else.</summary>
internal sealed class AttestedTime(INsm nsm)
{
    // Above the round trip that a sample may have, so that a slow one is counted as slow.
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(1);

    /// <summary>Milliseconds since 1970.</summary>
    /// <exception cref="NsmException">The NSM's reason.</exception>
    public long ReadMs()
    {
        ReadOnlyMemory<byte> document = nsm.GetAttestation(default, CallTime);
        return AttestationDocument.Parse(document).Timestamp.ToUnixTimeMilliseconds();
    }
}
