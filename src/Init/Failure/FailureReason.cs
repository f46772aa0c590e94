using System.Diagnostics;
using System.Globalization;
using Init.Boot;
using Init.Configuration;
using Init.Linux;
using Init.Nsm;
using Init.Prover;

namespace Init.Failure;

/// <summary>What an exception says in one line, which the parent reads: never a byte of a request.</summary>
internal static class FailureReason
{
    private const int MaxPlaces = 4;

    /// <summary>
    /// The message of an exception whose text is the rooms' own: operation, object, cause. Of any other, whose message may quote what it was
    /// about, its type and where in the executable it was thrown, innermost first.
    /// </summary>
    /// <param name="exception">Why the enclave ends.</param>
    /// <param name="imageBase">Where the executable was loaded; 0: no place is told.</param>
    public static string Of(Exception exception, nint imageBase) => exception switch
    {
        StageException or SettingsException or LinuxException or NsmException => exception.Message,

        // All others may have the module's text, and so may have a witness's.
        ProverException { Error: ProverError.Crs or ProverError.UnsupportedCpu or ProverError.Resource } => exception.Message,
        ProverException { Error: var error } => $"{error} in the prover",
        _ => exception.GetType().Name + PlaceOf(exception, imageBase),
    };

    // Offsets in the executable: an address would tell where in memory it is. The runtime itself does not know a static one's base.
    private static string PlaceOf(Exception exception, nint imageBase)
    {
        if (imageBase == 0)
        {
            return "";
        }

        StackFrame[] frames = new StackTrace(exception, fNeedFileInfo: false).GetFrames();
        IEnumerable<string> places = frames.Take(MaxPlaces).Select(frame =>
            string.Create(CultureInfo.InvariantCulture, $" 0x{frame.GetNativeIP() - imageBase:x}"));
        return " at" + string.Concat(places);
    }
}
