using System.Globalization;
using Init.Simulator.Qemu;
using Init.Wire;

namespace Init.Parent.Run;

/// <summary>What <c>enclave run</c> shows: lines, and on a terminal one line at the bottom that changes. Called from several threads.</summary>
internal sealed class RunDisplay(TextWriter output, bool isTerminal)
{
    /// <summary>Back to the line's start, and clear it (ECMA-48, EL).</summary>
    private const string ClearLine = "\r\e[K";

    private readonly Lock _lock = new();
    private string _status = "";

    /// <summary>A line of the console, behind the seconds since QEMU's start. The text is the guest's: nothing in it reaches the terminal.</summary>
    public void Console(ConsoleLine line) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"{line.Since.TotalSeconds,9:F3}  {Output.Printable(line.Text)}"));

    /// <summary>A line of ours.</summary>
    public void Line(string name, string value) => Write($"{name,-17}{value}");

    /// <summary>The line at the bottom; nothing where there is no terminal.</summary>
    public void Status(TimeSpan uptime, HealthReply? health)
    {
        string state = health is null ? "no answer" : string.Create(
            CultureInfo.InvariantCulture,
            $"{health.Requests.Done} requests, {health.Requests.InFlight} in flight, {Output.MiB((long)health.Memory.RssBytes)} resident, {Output.MiB((long)health.Memory.AvailableBytes)} available");
        SetStatus(string.Create(CultureInfo.InvariantCulture, $"up {uptime.TotalSeconds:F0} s, {state}"));
    }

    /// <summary>Takes the line at the bottom away.</summary>
    public void ClearStatus() => SetStatus("");

    private void SetStatus(string status)
    {
        if (!isTerminal)
        {
            return;
        }

        lock (_lock)
        {
            _status = status;
            output.Write(ClearLine + _status);
            output.Flush();
        }
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            output.WriteLine(isTerminal ? ClearLine + line : line);
            output.Write(_status);
            output.Flush();
        }
    }
}
