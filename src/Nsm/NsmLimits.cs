namespace Init.Nsm;

/// <summary>Sizes that the NSM and its driver (Linux drivers/misc/nsm.c) set, and our queue.</summary>
public static class NsmLimits
{
    /// <summary>The longest request (NSM_REQUEST_MAX_SIZE).</summary>
    public const int RequestBytes = 0x1000;

    /// <summary>The longest reply (NSM_RESPONSE_MAX_SIZE). The driver cuts off what is longer and reports success.</summary>
    public const int ResponseBytes = 0x3000;

    /// <summary>The attestation document's user_data.</summary>
    public const int UserDataBytes = 512;

    /// <summary>The attestation document's nonce.</summary>
    public const int NonceBytes = 512;

    /// <summary>The attestation document's public_key.</summary>
    public const int PublicKeyBytes = 1024;

    /// <summary>A PCR is a SHA-384 digest.</summary>
    public const int PcrBytes = 48;

    /// <summary>The most that GetRandom gives.</summary>
    public const int RandomBytes = 256;

    /// <summary>PCRs of a module.</summary>
    public const int Pcrs = 32;

    /// <summary>Calls that wait or run at once.</summary>
    public const int QueuedCalls = 32;
}
