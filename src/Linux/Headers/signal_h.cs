using System.Runtime.CompilerServices;

namespace Init.Linux.Headers;

/// <summary>signal.h.</summary>
internal static class signal_h
{
    internal const int SIGHUP = 1;
    internal const int SIGINT = 2;
    internal const int SIGUSR1 = 10;
    internal const int SIGUSR2 = 12;
    internal const int SIGTERM = 15;
    internal const int SIGCHLD = 17;
    internal const int SIGPWR = 30;
    internal const int SIGSYS = 31;

    /// <summary>Bit n - 1 stands for signal n.</summary>
    [InlineArray(16)]
    internal struct sigset_t
    {
        private ulong _first;
    }
}
