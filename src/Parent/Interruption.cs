using System.Runtime.InteropServices;

namespace Init.Parent;

/// <summary>Ctrl-C, SIGTERM and a terminal that goes away, as a token. From here on none of them ends the process by itself.</summary>
/// <remarks>In place of System.CommandLine's own, which begins to listen only when the command has begun to run.</remarks>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Take))];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _source.Cancel();
    }
}
