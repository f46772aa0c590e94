using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Init.Client;
using Init.Simulator.Qemu;
using Init.Wire;

namespace Init.Parent.Run;

/// <summary>One <c>enclave run</c>: from QEMU's start to its end.</summary>
/// <param name="display">Where it is shown.</param>
/// <param name="time">The clock.</param>
/// <param name="rootPath">Where the software NSM's root certificate goes; null for nowhere.</param>
internal sealed class RunSession(RunDisplay display, TimeProvider time, string? rootPath)
{
    /// <summary>Whether a document on standard output says at the end what became of the enclave.</summary>
    public bool PrintsJson { get; init; }

    private const string ReadyLine = "[init] ready";

    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long an enclave may finish what it is doing after Ctrl-C.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Boots, shows, and ends with the enclave or with Ctrl-C, which lets it finish what it is doing.</summary>
    /// <returns>The exit code: a failure unless the enclave became ready and ended because it was told to.</returns>
    public async Task<int> RunAsync(QemuEnclaveOptions options, CancellationToken interrupted)
    {
        // The console waits until it is said what this is.
        using var introduced = new ManualResetEventSlim();
        using QemuEnclave enclave = QemuEnclave.Start(options with
        {
            OnConsoleLine = line =>
            {
                introduced.Wait();
                display.Console(line);
            },
        });
        WriteRoot(enclave);
        Introduce(enclave, options);
        introduced.Set();

        // Not disposed: QEMU's end, which cancels it, may come after ours.
        var ended = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        _ = enclave.Exited.ContinueWith(_ => ended.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        using var client = new StatusClient(enclave.SocketPath, AnswerTimeout);
        bool isReady = await WaitUntilReadyAsync(enclave, client, interrupted, ended.Token);
        TimeSpan? readyAfter = isReady ? enclave.Uptime : null;
        if (isReady)
        {
            display.Line("ready", string.Create(CultureInfo.InvariantCulture, $"after {enclave.Uptime.TotalSeconds:F1} s"));
            await ShowStatusAsync(enclave, client, ended.Token);
        }

        display.ClearStatus();
        if (!enclave.Exited.IsCompleted && isReady)
        {
            await DrainAsync(enclave, client);
        }

        int code = enclave.Exited.IsCompleted ? await ReportEndAsync(enclave, isReady) : Output.Interrupted;
        if (PrintsJson)
        {
            Console.Out.Write(JsonText.Object(writer => WriteJson(writer, enclave, readyAfter)));
        }

        return code;
    }

    private static void WriteJson(Utf8JsonWriter writer, QemuEnclave enclave, TimeSpan? readyAfter)
    {
        writer.WriteString("Address", $"simulator:{enclave.SocketPath}");
        writer.WriteNumber("MemoryMiB", enclave.MemoryMiB);
        writer.WriteBoolean("IsReady", readyAfter is not null);
        WriteMilliseconds("ReadyAfterMs", readyAfter);
        WriteMilliseconds("RanMs", enclave.Exited.IsCompletedSuccessfully ? enclave.Exited.Result.Ran : null);
        FailureReport? failure = enclave.Failure.IsCompletedSuccessfully ? enclave.Failure.Result : null;
        writer.WriteString("FailedStage", failure?.Stage);
        writer.WriteString("FailureReason", failure?.Reason);

        void WriteMilliseconds(string name, TimeSpan? span)
        {
            if (span is { } value)
            {
                writer.WriteNumber(name, (long)value.TotalMilliseconds);
            }
            else
            {
                writer.WriteNull(name);
            }
        }
    }

    private void WriteRoot(QemuEnclave enclave)
    {
        if (rootPath is not null && enclave.Nsm is { } nsm)
        {
            UnfinishedFile.Write(rootPath, PemEncoding.WriteString("CERTIFICATE", nsm.RootCertificate.Span) + "\n");
        }
    }

    private void Introduce(QemuEnclave enclave, QemuEnclaveOptions options)
    {
        display.Line("machine", $"{enclave.Qemu.Program}, nitro-enclave, {enclave.MemoryMiB} MiB, {options.Cpus} processor{(options.Cpus == 1 ? "" : "s")}");
        display.Line("address", $"simulator:{enclave.SocketPath}");
        string documents = enclave.Nsm is null
            ? "NSM documents are UNSIGNED (whole seconds)"
            : $"NSM documents are signed by a DEVELOPMENT PKI, no real verifier accepts them: root {Convert.ToHexString(SHA256.HashData(enclave.Nsm.RootCertificate.Span))}";
        display.Line("not as on Nitro", documents);
        display.Line("", "no kvm-clock, no PTP clock; the processor is emulated (TCG); PCRs are not zero although the console is read");
        if (options.Console == ConsoleMode.Blocked)
        {
            display.Line("console", "blocked, as in production: nothing of it is shown");
        }
    }

    /// <summary>
    /// A console that is read says when, even if QEMU has ended since; behind a blocked one the enclave is ready when it answers.
    /// </summary>
    private static async Task<bool> WaitUntilReadyAsync(
        QemuEnclave enclave, StatusClient client, CancellationToken interrupted, CancellationToken ended)
    {
        try
        {
            if (enclave.Console is { } console)
            {
                await console.WaitForLineAsync(line => line.StartsWith(ReadyLine, StringComparison.Ordinal), Timeout.InfiniteTimeSpan, interrupted);
                return true;
            }

            while (await client.AskAsync(ended) is null)
            {
                await Task.Delay(StatusEvery, ended);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (Simulator.SimulatorException)
        {
            // The console has ended: so has QEMU, or will in a moment.
            await enclave.Exited;
            return false;
        }
    }

    private async Task ShowStatusAsync(QemuEnclave enclave, StatusClient client, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                HealthReply? health = await client.AskAsync(ended);
                display.Status(enclave.Uptime, health);
                await Task.Delay(StatusEvery, time, ended);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C, or QEMU has ended.
        }
    }

    private async Task DrainAsync(QemuEnclave enclave, StatusClient client)
    {
        try
        {
            display.Line("draining", $"requests in flight: {await client.ShutDownAsync()}");
            await enclave.WaitForExitAsync(DrainTimeout);
        }
        catch (Exception failure) when (failure is ClientException or Simulator.SimulatorException)
        {
            display.Line("killed", failure.Message);
        }
    }

    private async Task<int> ReportEndAsync(QemuEnclave enclave, bool isReady)
    {
        QemuExit exit = await enclave.Exited;
        display.Line("ended", string.Create(CultureInfo.InvariantCulture, $"after {exit.Ran.TotalSeconds:F1} s"));
        if (enclave.Failure.IsCompletedSuccessfully)
        {
            FailureReport failure = await enclave.Failure;
            return Output.Fail(failure.Stage is null
                ? $"the enclave failed: {Convert.ToHexString(failure.Bytes.Span)}"
                : $"the enclave failed: {Output.Printable(failure.Stage)}: {Output.Printable(failure.Reason!)}");
        }

        if (exit.Code != 0)
        {
            return Output.Fail($"QEMU ended with {exit.Code}: {exit.Errors}");
        }

        return isReady ? Output.Success : Output.Fail("the enclave ended before it was ready");
    }
}
