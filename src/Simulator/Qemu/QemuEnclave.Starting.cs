using System.ComponentModel;
using System.Diagnostics;
using Init.Eif;
using Init.Linux;
using Init.Simulator.SoftwareNsm;

namespace Init.Simulator.Qemu;

/// <content>What comes before: checks, console, process. And what comes after.</content>
public sealed partial class QemuEnclave
{
    private const string SessionProgram = "/usr/bin/setsid";
    private const int BlockedPipeBytes = 4096;
    private const int ConsolePipeBytes = 64 * 1024;
    private const int LeastMemoryMiB = 128;
    private const long MiB = 1 << 20;

    private static long ImageBytes(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> magic = stackalloc byte[4];
            return file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual(".eif"u8)
                ? file.Length
                : throw new SimulatorException(SimulatorError.ImageInvalid, $"boot {path}: not an enclave image file");
        }
        catch (IOException failure)
        {
            throw new SimulatorException(SimulatorError.ImageInvalid, $"boot {path}: {failure.Message}", failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new SimulatorException(SimulatorError.ImageInvalid, $"boot {path}: {failure.Message}", failure);
        }
    }

    private static int CheckMemory(QemuEnclaveOptions options, long imageBytes)
    {
        int least = (int)(((4 * imageBytes) + MiB - 1) / MiB);
        int memory = options.MemoryMiB ?? Math.Max(least, LeastMemoryMiB);
        return memory >= least
            ? memory
            : throw new SimulatorException(
                SimulatorError.MemoryTooSmall, $"boot {options.ImagePath} with {memory} MiB: four times the image are {least} MiB");
    }

    /// <summary>A module that has measured the image, as the hypervisor does before an enclave starts.</summary>
    private static SoftwareNsmDevice ModuleOf(QemuEnclaveOptions options)
    {
        try
        {
            using FileStream image = File.OpenRead(options.ImagePath);
            return new SoftwareNsmDevice(SoftwareNsmOptions.ForImage(EifReader.Read(image).Measurements), options.Time);
        }
        catch (EifException failure)
        {
            throw new SimulatorException(SimulatorError.ImageInvalid, $"measure {options.ImagePath}: {failure.Message}", failure);
        }
    }

    private T Keep<T>(T part)
        where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }

    /// <summary>QEMU opens the pipe by its path in /proc and writes to it without waiting; the UART waits when it is full, as real ones do.</summary>
    private string? StartConsole()
    {
        switch (_options.Console)
        {
            case ConsoleMode.Discarded:
                return null;
            case ConsoleMode.Blocked:
                _blockedConsole = Keep(new Pipe(BlockedPipeBytes));
                return _blockedConsole.WritePath;
            default:
                var pipe = new Pipe(ConsolePipeBytes);
                Console = Keep(new ConsoleLog(pipe, _options.Time, _options.OnConsoleLine));
                return pipe.WritePath;
        }
    }

    private Process StartQemu(string program, IReadOnlyList<string> arguments)
    {
        if (!File.Exists(program))
        {
            throw new SimulatorException(SimulatorError.QemuMissing, $"start {program}: no such file");
        }

        bool hasSession = _options.HasOwnSession && File.Exists(SessionProgram);
        ProcessStartInfo start = hasSession ? new(SessionProgram, [program, .. arguments]) : new(program, arguments);
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        var process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, line) => AddError(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            process.Dispose();
            throw new SimulatorException(SimulatorError.QemuFailed, $"start {program}: {failure.Message}", failure);
        }

        process.StandardInput.Close();
        process.BeginErrorReadLine();
        return process;
    }

    private void AddError(string? line)
    {
        const int KeptChars = 16 * 1024;
        lock (_errors)
        {
            _errors.AppendLine(line);
            _errors.Remove(0, Math.Max(0, _errors.Length - KeptChars));
        }
    }

    private async Task<QemuExit> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        Console?.WriterHasGone();
        lock (_errors)
        {
            return new QemuExit(_process.ExitCode, Uptime, _errors.ToString().Trim());
        }
    }

    private void DisposeParts()
    {
        for (int i = _parts.Count - 1; i >= 0; i--)
        {
            _parts[i].Dispose();
        }

        _folder.Delete(recursive: true);
    }
}
