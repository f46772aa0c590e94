namespace Init.Nsm;

/// <summary>What commands and errors are called in requests and replies (aws-nitro-enclaves-nsm-api, src/api/mod.rs).</summary>
internal static class NsmNames
{
    /// <summary>The command's name in its request, and in its reply.</summary>
    public static string Of(NsmCommand command) => command switch
    {
        NsmCommand.DescribeNsm => "DescribeNSM",
        NsmCommand.DescribePcr => "DescribePCR",
        NsmCommand.ExtendPcr => "ExtendPCR",
        NsmCommand.LockPcr => "LockPCR",
        NsmCommand.LockPcrs => "LockPCRs",
        NsmCommand.Attestation => "Attestation",
        _ => "GetRandom",
    };

    /// <summary>The error of that name, or <see cref="NsmError.UnknownError"/>.</summary>
    public static NsmError Error(string name) => name switch
    {
        "InvalidArgument" => NsmError.InvalidArgument,
        "InvalidIndex" => NsmError.InvalidIndex,
        "InvalidResponse" => NsmError.InvalidResponse,
        "ReadOnlyIndex" => NsmError.ReadOnlyIndex,
        "InvalidOperation" => NsmError.InvalidOperation,
        "BufferTooSmall" => NsmError.BufferTooSmall,
        "InputTooLarge" => NsmError.InputTooLarge,
        "InternalError" => NsmError.InternalError,
        _ => NsmError.UnknownError,
    };
}
