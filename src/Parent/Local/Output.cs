using System.Globalization;
using Init.Prover;

namespace Init.Parent.Local;

/// <summary>What the local commands print: results on stdout, errors and warnings on stderr.</summary>
internal static class Output
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>The label of a prover that trusts the ceremony's points.</summary>
    private const string CeremonySrs = "ignition";

    public static void Line(string name, string value) => Console.Out.WriteLine($"{name,-17}{value}");

    public static string Milliseconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:F0} ms");

    public static string MiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F1} MiB");

    public static void WarnOfInsecureSrs(IProver prover)
    {
        string srs = prover.Statistics.SrsKind;
        if (srs != CeremonySrs)
        {
            Console.Error.WriteLine($"enclave: warning: {srs}: anyone can forge these proofs");
        }
    }

    /// <summary>Runs a command's body; every expected failure becomes one line and an exit code.</summary>
    public static int Run(Func<int> body)
    {
        try
        {
            return body();
        }
        catch (ProverException exception)
        {
            return Fail(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Fail(exception.Message);
        }
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"enclave: error: {message}");
        return Failure;
    }
}
