using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Init.Client;
using Init.Parent.Manual;
using Init.Parent.Remote;
using Init.Wire;

namespace Init.Parent.Bench;

/// <summary><c>enclave bench</c>: load on one enclave for a bounded time, over the protocol as any client speaks it.</summary>
internal sealed class BenchCommand
{
    private const int MaxConnections = 1024;
    private const double MaxRate = 100_000;
    private const double MaxSeconds = 86_400;
    private const double MaxTimeoutSeconds = 3600;
    private const double DefaultSeconds = 10;
    private const int DefaultConnections = 8;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    private readonly EnclaveArguments _enclave = new();
    private readonly TrustArguments _trust = new();
    private readonly BenchInputs _inputs = new();
    private readonly NumberOption _duration = new("--duration", MaxSeconds) { Description = "Seconds that requests are sent; 10 unless given.", HelpName = Value.Seconds };
    private readonly NumberOption _timeout = new("--timeout", MaxTimeoutSeconds)
    {
        Description = "Seconds that an answer may take, and that the last ones are waited for; 10 unless given.",
        HelpName = Value.Seconds,
    };

    private readonly NumberOption _rate = new("--rate", MaxRate)
    {
        Description = "Requests a second that are due whatever the enclave does (open loop); without it a connection sends when it is answered (closed loop).",
        HelpName = Value.Number,
    };

    private readonly NumberOption _connections = new("--connections", MaxConnections, "-c")
    {
        Description = "Connections, each with one request under way; 8 unless given.",
        HelpName = Value.Number,
    };

    private readonly Option<Mix> _mix = new("--mix", "-x")
    {
        Description = "Operations and their shares: hello, health, echo:BYTES, attest, vk, prove, verify.",
        HelpName = "NAME=SHARE,..",
        CustomParser = argument =>
        {
            Mix? mix = Mix.TryParse(argument.Tokens[0].Value, out string? error);
            if (mix is null)
            {
                argument.AddError(error!);
            }

            return mix;
        },
    };

    private readonly Option<string?> _html = new("--html") { Description = "File for a page with plots, which needs nothing else.", HelpName = Value.File };
    private readonly JsonOption _json = new();

    public static Command Create() => new BenchCommand().CreateCommand();

    private ToolCommand CreateCommand()
    {
        ToolCommand command = new("bench", "Puts load on an enclave for a bounded time and measures latencies, throughput and errors.")
        {
            Examples =
            [
                new(
                    "enclave bench --address vsock:16:5000 --rate 200 --connections 32 --mix echo:64=0.8,health=0.1,attest=0.1 --html bench.html",
                    "200 requests a second for ten seconds, whatever the enclave does; a page with plots"),
                new(
                    "enclave bench --address simulator:/tmp/vsock --duration 60 --connections 2 --mix prove --pcrs pcrs.json -b app.json -w app.gz --timeout 120 --json",
                    "proofs, two at a time, each sent when the one before it has come; for a program"),
            ],
        };
        _enclave.AddTo(command);
        foreach (Option option in (Option[])[_duration, _connections, _rate, _mix, _timeout])
        {
            command.Options.Add(option);
        }

        _inputs.AddTo(command, MixOf);
        _trust.AddTo(command, result => BenchInputs.NeedsTrust(MixOf(result)));
        command.Options.Add(_html);
        command.Options.Add(_json);
        command.SetAction((parsed, interrupted) => Output.RunAsync(() => RunAsync(parsed, interrupted)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        LoadPlan plan = new()
        {
            Duration = TimeSpan.FromSeconds(parsed.GetValue(_duration) ?? DefaultSeconds),
            Connections = (int)Math.Ceiling(parsed.GetValue(_connections) ?? DefaultConnections),
            Rate = parsed.GetValue(_rate),
            Mix = MixOf(parsed.CommandResult),
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout) ?? DefaultSeconds),
        };
        Requests requests = await _inputs.ReadAsync(parsed, interrupted).WaitAsync(interrupted);
        bool needsTrust = BenchInputs.NeedsTrust(plan.Mix);

        // What is busy is an answer to count: nothing is tried again.
        Func<CancellationToken, Task<EnclaveClient>> connect = needsTrust
            ? cancellation => _trust.ConnectAsync(parsed, _enclave, cancellation, TimeSpan.Zero)
            : cancellation => _enclave.OpenAsync(parsed, cancellation, new EnclaveClientOptions { RetryFor = TimeSpan.Zero });
        (HelloReply server, string trust) = await IntroduceAsync(
            plan, requests, needsTrust ? cancellation => _trust.OpenAsync(parsed, _enclave, cancellation) : connect, interrupted);
        LoadRun run = new(plan, requests, connect, TimeProvider.System);
        DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
        using (Timer progress = ShowProgress(run))
        {
            await run.RunAsync(interrupted);
        }

        BenchReport report = new()
        {
            Address = _enclave.AddressOf(parsed).ToString(),
            Server = server,
            Trust = trust,
            StartedAt = startedAt,
            Plan = plan,
            Counts = run.Recorder,
            Sent = run.Sent,
            IsInterrupted = interrupted.IsCancellationRequested,
        };
        return Report(parsed, report);
    }

    private int Report(ParseResult parsed, BenchReport report)
    {
        if (parsed.GetValue(_html) is { } path)
        {
            UnfinishedFile.Write(path, BenchPage.Create(report));
        }

        Console.Out.Write(parsed.GetValue(_json) ? JsonText.Object(writer => BenchJson.Write(writer, report)) : report.ToText());
        return report switch
        {
            { IsInterrupted: true } => Output.Fail("interrupted", Output.Interrupted),
            { Counts.All.Answered: 0 } => Output.Fail("nothing was answered"),
            _ => Output.Success,
        };
    }

    /// <summary>Whether anybody is there at all, what it is and what trust in it rests on; the circuit is stored.</summary>
    private static async Task<(HelloReply Server, string Trust)> IntroduceAsync(
        LoadPlan plan, Requests requests, Func<CancellationToken, Task<EnclaveClient>> connect, CancellationToken interrupted)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        limit.CancelAfter(plan.Timeout);
        EnclaveClient? client = null;
        try
        {
            client = await connect(limit.Token).WaitAsync(limit.Token);
            HelloReply server = await client.HelloAsync(limit.Token).WaitAsync(limit.Token);
            await requests.PrepareAsync(client, plan.Mix, limit.Token).WaitAsync(limit.Token);
            return (server, TrustArguments.BasisOf(client));
        }
        catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
        {
            throw new ClientException(ClientError.Deadline, string.Create(CultureInfo.InvariantCulture, $"hello: no answer within {plan.Timeout.TotalSeconds} s"));
        }
        finally
        {
            // Closing joins a thread: not waited for.
            _ = Task.Run(() => client?.Dispose(), CancellationToken.None);
        }
    }

    private static Timer ShowProgress(LoadRun run)
    {
        bool isTerminal = !Console.IsErrorRedirected;
        return new Timer(
            _ => Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"enclave: {run.Elapsed.TotalSeconds:F0} s, {run.Recorder.All.Answered} answered, {run.Recorder.All.ErrorCount} errors")),
            state: null,
            isTerminal ? ProgressEvery : Timeout.InfiniteTimeSpan,
            ProgressEvery);
    }

    private Mix MixOf(CommandResult result) =>
        result.GetResult(_mix) is { Tokens.Count: > 0 } mix && Mix.TryParse(mix.Tokens[0].Value, out _) is { } given ? given : Mix.TryParse("echo", out _)!;
}
