using System.Globalization;
using Init.Attestation;
using Init.Client;
using Init.Eif;
using Init.Nsm;
using Init.Prover;
using Init.Simulator;
using Init.Simulator.Qemu;

namespace Init.Parent;

/// <summary>What the commands print: results on stdout, errors and warnings on stderr.</summary>
internal static class Output
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>The arguments are wrong.</summary>
    public const int Usage = 2;

    /// <summary>An attestation document is not one that the policy accepts.</summary>
    public const int Refused = 3;

    /// <summary>Nobody answered, or not in time.</summary>
    public const int Unreachable = 4;

    public const int Interrupted = 130;

    /// <summary>The label of a prover that trusts the ceremony's points.</summary>
    private const string CeremonySrs = "ignition";

    public static void Line(string name, string value) => Console.Out.WriteLine($"{name,-17}{value}");

    /// <summary>Text out of a file that somebody else made, without anything that a terminal would obey or hide.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Select(c => c is >= ' ' and <= '~' ? $"{c}" : $"\\u{(int)c:x4}"));

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
        catch (Exception exception) when (exception is AttestationException or EifException or IOException or UnauthorizedAccessException)
        {
            return Fail(exception.Message);
        }
    }

    /// <summary>Runs the body of a command that talks to an enclave.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (ClientException exception)
        {
            bool unreachable = exception.Error is ClientError.Unreachable or ClientError.ConnectionLost or ClientError.Deadline;
            return Fail(exception.Message, unreachable ? Unreachable : Failure);
        }
        catch (SimulatorException exception)
        {
            return Fail(exception.Message, hint: HintFor(exception.Error));
        }
        catch (Exception exception) when (exception is ProverException or NsmException or IOException or UnauthorizedAccessException)
        {
            return Fail(exception.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail("interrupted", Interrupted);
        }
    }

    /// <summary>What the user can do about it; null where nothing is known.</summary>
    private static string? HintFor(SimulatorError error) => error switch
    {
        SimulatorError.QemuMissing => $"`make qemu` builds one; {QemuLocation.Variable} names another",
        SimulatorError.QemuWithoutSoftwareNsm =>
            $"`native/qemu/build.mjs --from-source` builds one that has them, {QemuLocation.Variable} names it; or --nsm qemu",
        SimulatorError.ImageInvalid => "`enclave image build` makes one, `enclave image describe` says what is wrong with this",
        SimulatorError.MemoryTooSmall => "raise --memory, or leave it out",
        SimulatorError.SocketInUse => "another enclave may run there: end it, or choose another --socket",
        SimulatorError.SocketPathTooLong => "choose a shorter --socket",
        _ => null,
    };

    public static int Fail(string message, int code = Failure, string? hint = null)
    {
        Console.Error.WriteLine($"enclave: error: {message}");
        if (hint is not null)
        {
            Console.Error.WriteLine($"enclave: hint: {hint}");
        }

        return code;
    }
}
