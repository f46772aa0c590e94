namespace Init.Parent.Manual;

/// <summary>The exit codes as the help and the manual page say them.</summary>
internal static class ExitStatus
{
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Output.Success, "done"),
        (Output.Failure, "failed: the enclave refused, a file cannot be read or written, a proof does not verify, images differ"),
        (Output.Usage, "the arguments are wrong; nothing was done"),
        (Output.Refused, "an attestation document was refused"),
        (Output.Unreachable, "nobody answered, or not in time"),
        (Output.Interrupted, "interrupted (Ctrl-C)"),
    ];
}
