using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Init.Attestation;
using Init.Client;
using Init.Eif;
using Init.Nsm;
using Init.Parent.Manual;
using Init.Parent.Trust;
using Init.Prover;
using Init.Simulator;
using Init.Simulator.Qemu;
using Init.Wire;

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

    /// <summary>How long a command that was interrupted may take to say so to the enclave.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(1);

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
            Warn($"{srs}: anyone can forge these proofs");
        }
    }

    /// <summary>Whether a proof verifies.</summary>
    /// <param name="isValid">Whether it does.</param>
    /// <param name="asJson">For programs.</param>
    /// <param name="trust">What the verdict rests on; null where it is this process's own.</param>
    public static void ProofVerdict(bool isValid, bool asJson, string? trust = null)
    {
        if (asJson)
        {
            Console.Out.Write(JsonText.Object(writer =>
            {
                WriteTrust(writer, trust);
                writer.WriteBoolean("IsValid", isValid);
            }));
        }
        else
        {
            Line("proof", isValid ? "verified" : "REFUSED");
        }
    }

    /// <summary>Where a key was written.</summary>
    /// <param name="folder">There.</param>
    /// <param name="key">The key.</param>
    /// <param name="asJson">For programs.</param>
    /// <param name="trust">What its being right rests on; null where it is this process's own.</param>
    public static void KeyWritten(string folder, VerificationKey key, bool asJson, string? trust = null)
    {
        if (asJson)
        {
            Console.Out.Write(JsonText.Object(writer =>
            {
                WriteTrust(writer, trust);
                ProofFiles.WriteJson(writer, folder, withProof: false, key);
            }));
        }
        else
        {
            Line("written", ProofFiles.Summary(folder, withProof: false, key));
        }
    }

    /// <summary>Runs a command's body; every expected failure becomes one line and an exit code.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (ClientException exception)
        {
            if (exception.Error == ClientError.AttestationRefused)
            {
                if (exception.Report is { } report)
                {
                    Verdict.Warn(report);
                }

                return Fail($"attestation refused: {Printable(exception.Message)}", Refused, Verdict.Hint(exception.Report?.Refusal?.Error));
            }

            bool unreachable = exception.Error is ClientError.Unreachable or ClientError.ConnectionLost or ClientError.Deadline or ClientError.RefusedInTheOpen
                || exception.Reply?.Code == ErrorCode.Deadline;
            return Fail(Printable(exception.Message), unreachable ? Unreachable : Failure, HintFor(exception));
        }
        catch (SimulatorException exception)
        {
            return Fail(exception.Message, hint: HintFor(exception.Error));
        }
        catch (Exception exception) when (exception
            is AttestationException or EifException or ProverException or NsmException or IOException or UnauthorizedAccessException)
        {
            return Fail(exception.Message);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            return Fail("interrupted", Interrupted);
        }
    }

    /// <summary>The action of a body that is told when it is interrupted, and has a moment to take leave of the enclave.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Asking(Func<ParseResult, CancellationToken, Task<int>> body) =>
        (parsed, interrupted) => RunAsync(async () =>
        {
            Task<int> running = Task.Run(() => body(parsed, interrupted), CancellationToken.None);
            await Task.WhenAny(running, Task.Delay(Timeout.InfiniteTimeSpan, interrupted));
            return await running.WaitAsync(interrupted.IsCancellationRequested ? LeaveTimeout : Timeout.InfiniteTimeSpan, CancellationToken.None);
        });

    /// <summary>The action of a body that blocks and cannot be told to stop: when interrupted, the process ends without it.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Blocking(Func<ParseResult, int> body) =>
        (parsed, interrupted) => RunAsync(() => Task.Run(() => body(parsed), interrupted).WaitAsync(interrupted));

    /// <summary>Says what is wrong with the arguments.</summary>
    public static int RefuseArguments(ParseResult parsed)
    {
        foreach (ParseError error in parsed.Errors)
        {
            // One line each, though System.CommandLine lists what may be chosen in several.
            Error(string.Join(' ', error.Message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)));
        }

        return Hint($"{CommandPath(parsed.CommandResult)} --help", Usage);
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

    private static string? HintFor(ClientException exception) => exception switch
    {
        { Error: ClientError.Unreachable } => "does the enclave run, and is this its address? vsock:CID:PORT, simulator:PATH[:PORT] or unix:PATH",
        { Reply.Code: ErrorCode.Busy, Reply.RetryAfterMs: { } ms } => string.Create(CultureInfo.InvariantCulture, $"try again in {ms} ms"),
        { Reply.Code: ErrorCode.Unauthorised } => "the enclave's settings do not allow it; without --insecure requests are sealed",
        { Error: ClientError.NotAuthentic } => "somebody on the way has changed an answer: try again, or elsewhere",
        _ => null,
    };

    public static int Fail(string message, int code = Failure, string? hint = null)
    {
        Error(message);
        return hint is null ? code : Hint(hint, code);
    }

    public static void Warn(string message) => Console.Error.WriteLine($"enclave: {Coloured("33", "warning:")} {message}");

    private static void Error(string message) => Console.Error.WriteLine($"enclave: {Coloured("1;31", "error:")} {message}");

    private static int Hint(string hint, int code)
    {
        Console.Error.WriteLine($"enclave: {Coloured("36", "hint:")} {hint}");
        return code;
    }

    /// <summary>ECMA-48, SGR; on a terminal that wants it (no-color.org).</summary>
    private static string Coloured(string colour, string text) => IsColoured ? $"\e[{colour}m{text}\e[0m" : text;

    private static bool IsColoured { get; } = !Console.IsErrorRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    private static void WriteTrust(Utf8JsonWriter writer, string? trust)
    {
        if (trust is not null)
        {
            writer.WriteString("Trust", trust);
        }
    }

    private static string CommandPath(SymbolResult result) => result.Parent is { } parent && result is CommandResult { Command.Name: var name }
        ? $"{CommandPath(parent)} {name}"
        : ToolRoot.Program;
}
