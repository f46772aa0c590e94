using System.Buffers.Binary;
using System.Diagnostics;

namespace Init.Prover.Bench.Contestants;

/// <summary>A child that answers as <c>bb msgpack run</c> does: messages on stdin and stdout behind their lengths in 32 bits.</summary>
/// <remarks>Used by one thread. A call that takes longer than <see cref="CallDeadline"/> ends the child and fails.</remarks>
internal sealed class FramedChild : IDisposable
{
    private const int MaxReplyBytes = 64 << 20;
    private const int KeptErrorLines = 20;
    private const int ExitDeadlineMs = 5000;
    private static readonly TimeSpan CallDeadline = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly Stream _requests;
    private readonly Stream _replies;
    private readonly Queue<string> _errorLines = new();

    public FramedChild(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new BenchException($"start {command[0]}: no process");
        _process.ErrorDataReceived += (_, line) => KeepErrorLine(line.Data);
        _process.BeginErrorReadLine();
        _requests = _process.StandardInput.BaseStream;
        _replies = _process.StandardOutput.BaseStream;
    }

    public int Pid => _process.Id;

    public byte[] Call(ReadOnlySpan<byte> request)
    {
        using Timer deadline = new(_ => _process.Kill(), null, CallDeadline, Timeout.InfiniteTimeSpan);
        try
        {
            Span<byte> header = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)request.Length);
            _requests.Write(header);
            _requests.Write(request);
            _requests.Flush();
            _replies.ReadExactly(header);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
            byte[] reply = length <= MaxReplyBytes ? new byte[length] : throw new BenchException($"read reply: {length} bytes");
            _replies.ReadExactly(reply);
            return reply;
        }
        catch (IOException e)
        {
            throw new BenchException($"call {_process.StartInfo.FileName}: {e.Message}\n{ErrorLines()}");
        }
    }

    public void Dispose()
    {
        _requests.Dispose();
        if (!_process.WaitForExit(ExitDeadlineMs))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    // Runs on a thread of the pool.
    private void KeepErrorLine(string? line)
    {
        lock (_errorLines)
        {
            if (line is not null)
            {
                _errorLines.Enqueue(line);
            }

            while (_errorLines.Count > KeptErrorLines)
            {
                _errorLines.Dequeue();
            }
        }
    }

    private string ErrorLines()
    {
        lock (_errorLines)
        {
            return string.Join('\n', _errorLines);
        }
    }
}
