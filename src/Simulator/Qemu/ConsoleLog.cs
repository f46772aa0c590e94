using System.Text;
using Init.Linux;

namespace Init.Simulator.Qemu;

/// <summary>
/// Reads the enclave's console as it comes. The last mebibyte of whole lines is kept. One thread reads; everything public may be called from
/// any thread.
/// </summary>
public sealed class ConsoleLog : IDisposable
{
    private const int KeptChars = 1 << 20;
    private const int MaxLineBytes = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<ConsoleLine> _lines = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<ConsoleLine> Found)> _waiting = [];
    private readonly Pipe _pipe;
    private readonly TimeProvider _time;
    private readonly Action<ConsoleLine>? _onLine;
    private readonly long _start;
    private readonly Thread _thread;
    private readonly byte[] _partial = new byte[MaxLineBytes];
    private TimeSpan _partialSince;
    private int _partialBytes;
    private int _keptChars;
    private bool _hasEnded;

    internal ConsoleLog(Pipe pipe, TimeProvider time, Action<ConsoleLine>? onLine)
    {
        _pipe = pipe;
        _time = time;
        _onLine = onLine;
        _start = time.GetTimestamp();
        _thread = new Thread(Run) { IsBackground = true, Name = "enclave console" };
        _thread.Start();
    }

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<ConsoleLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Waits for a line, which may have come before.</summary>
    /// <exception cref="SimulatorException">TimedOut, or QemuFailed when the console has ended without it; with the last lines.</exception>
    public async Task<ConsoleLine> WaitForLineAsync(Func<string, bool> wanted, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var found = new TaskCompletionSource<ConsoleLine>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_lines.FirstOrDefault(l => wanted(l.Text)) is { Text: not null } line)
            {
                return line;
            }

            if (_hasEnded)
            {
                throw Ended();
            }

            _waiting.Add((wanted, found));
        }

        try
        {
            return await found.Task.WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new SimulatorException(SimulatorError.TimedOut, $"wait {timeout.TotalSeconds:F0} s for a console line: {Tail()}");
        }
        finally
        {
            lock (_lock)
            {
                _waiting.RemoveAll(w => w.Found == found);
            }
        }
    }

    /// <summary>Nobody else has the writing end open any more: what is in the pipe is the rest.</summary>
    internal void WriterHasGone() => _pipe.WriteEnd.Dispose();

    /// <summary>Ends the thread, once whoever writes has gone.</summary>
    public void Dispose()
    {
        WriterHasGone();
        _thread.Join();
        _pipe.Dispose();
    }

    private void Run()
    {
        byte[] buffer = new byte[4096];
        IoResult result;
        do
        {
            result = DescriptorIo.ReadSome(_pipe.ReadEnd, buffer, Deadline.After(TimeSpan.FromHours(1)));
            Take(buffer.AsSpan(0, result.Count));
        }
        while (result.Status is IoStatus.Done or IoStatus.TimedOut);

        lock (_lock)
        {
            _hasEnded = true;
            foreach ((_, TaskCompletionSource<ConsoleLine> found) in _waiting)
            {
                found.TrySetException(Ended());
            }
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            _partialSince = _partialBytes == 0 ? _time.GetElapsedTime(_start) : _partialSince;
            if (value != (byte)'\n')
            {
                _partial[_partialBytes++] = value;
            }

            if (value == (byte)'\n' || _partialBytes == MaxLineBytes)
            {
                Add(new ConsoleLine(_partialSince, Encoding.UTF8.GetString(_partial, 0, _partialBytes).TrimEnd('\r')));
                _partialBytes = 0;
            }
        }
    }

    private void Add(ConsoleLine line)
    {
        _onLine?.Invoke(line);
        lock (_lock)
        {
            _lines.Enqueue(line);
            _keptChars += line.Text.Length;
            while (_keptChars > KeptChars)
            {
                _keptChars -= _lines.Dequeue().Text.Length;
            }

            foreach ((Func<string, bool> wanted, TaskCompletionSource<ConsoleLine> found) in _waiting)
            {
                if (wanted(line.Text))
                {
                    found.TrySetResult(line);
                }
            }
        }
    }

    private SimulatorException Ended() => new(SimulatorError.QemuFailed, $"read the console: it ended: {Tail()}");

    private string Tail()
    {
        lock (_lock)
        {
            return string.Join(" | ", _lines.TakeLast(5).Select(l => l.Text));
        }
    }
}
