using Init.Boot;
using Init.Configuration;
using Init.Linux;
using Init.Nsm;
using Init.Prover;

namespace Init.Failure;

/// <summary>What an exception says in one line.</summary>
internal static class FailureReason
{
    /// <summary>The message of the rooms' own exceptions, which is operation, object, cause; for any other also its type.</summary>
    public static string Of(Exception exception) => exception switch
    {
        StageException or SettingsException or LinuxException or NsmException or ProverException => exception.Message,
        _ => $"{exception.GetType().Name}: {exception.Message}",
    };
}
