using System.Text;
using Init.Linux;

namespace Init.Console;

/// <summary>The console while booting: a line is written in one attempt that does not wait, or it is dropped and counted.</summary>
/// <remarks>
/// n_tty's write sleeps without limit when the device has no room, and in production nobody reads the console: it is closed for good when
/// boot is over. Any thread; nothing under the lock waits.
/// </remarks>
internal sealed class BootConsole
{
    /// <summary>The longest line, in bytes; the rest of a longer one is cut off.</summary>
    public const int MaxLineBytes = 512;

    // What is said before there is a console: the first stage's line, and why it failed.
    private const int MaxKeptLines = 4;

    private readonly Lock _lock = new();
    private readonly List<byte[]> _kept = [];
    private IDescriptor? _descriptor;
    private bool _isClosed;
    private bool _endsInside;
    private long _dropped;

    /// <summary>Lines that were not written whole.</summary>
    public long DroppedLines => Interlocked.Read(ref _dropped);

    /// <summary>Whether nobody has looked for a console yet.</summary>
    public bool IsUnopened
    {
        get
        {
            lock (_lock)
            {
                return _descriptor is null && !_isClosed;
            }
        }
    }

    /// <summary>Writes what was kept, and from now on every line.</summary>
    /// <param name="descriptor">Non-blocking; owned from now on. Null: there is no console, and every line is dropped.</param>
    public void Open(IDescriptor? descriptor)
    {
        lock (_lock)
        {
            _descriptor = descriptor;
            _isClosed = descriptor is null;
            foreach (byte[] line in _kept)
            {
                Write(line);
            }

            _kept.Clear();
        }
    }

    /// <summary>Writes <c>[init] text</c>.</summary>
    public void WriteLine(string text)
    {
        byte[] line = Encode(text);
        lock (_lock)
        {
            if (_descriptor is null && !_isClosed && _kept.Count < MaxKeptLines)
            {
                _kept.Add(line);
            }
            else
            {
                Write(line);
            }
        }
    }

    /// <summary>Closes it for good: later lines are dropped.</summary>
    /// <remarks>On a thread of its own: a tty's last close waits half a minute for what nobody reads (tty_wait_until_sent).</remarks>
    public void Close()
    {
        IDescriptor? last;
        lock (_lock)
        {
            _isClosed = true;
            last = _descriptor;
            _descriptor = null;
        }

        if (last is not null)
        {
            new Thread(last.Dispose) { IsBackground = true, Name = "console" }.Start();
        }
    }

    private void Write(byte[] line)
    {
        int written = 0;
        if (_descriptor is not null)
        {
            // The end of a line that was cut off last time.
            byte[] bytes = _endsInside ? [(byte)'\n', .. line] : line;
            written = DescriptorIo.Write(_descriptor, bytes).Count;
            _endsInside = written == 0 ? _endsInside : bytes[written - 1] != '\n';
            written -= bytes.Length - line.Length;
        }

        if (written < line.Length)
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    private static byte[] Encode(string text)
    {
        string line = $"[init] {text}";
        byte[] bytes = Encoding.ASCII.GetBytes(line.Length < MaxLineBytes ? line : line[..(MaxLineBytes - 1)]);
        for (int i = 0; i < bytes.Length; i++)
        {
            // Nothing that a terminal could take for a command.
            bytes[i] = bytes[i] is >= (byte)' ' and <= (byte)'~' ? bytes[i] : (byte)'?';
        }

        return [.. bytes, (byte)'\n'];
    }
}
