using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>sys/timex.h, adjtimex(2).</summary>
internal static unsafe partial class sys_timex_h
{
    internal const uint ADJ_FREQUENCY = 0x2;
    internal const uint ADJ_OFFSET_SINGLESHOT = 0x8001;
    internal const uint ADJ_OFFSET_SS_READ = 0xA001;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int clock_adjtime(int clk_id, timex* buf);

    [StructLayout(LayoutKind.Sequential)]
    internal struct @timex
    {
        internal uint modes;
        internal long offset;
        internal long freq;
        internal long maxerror;
        internal long esterror;
        internal int status;
        internal long constant;
        internal long precision;
        internal long tolerance;
        internal time_h.timeval time;
        internal long tick;
        internal long ppsfreq;
        internal long jitter;
        internal int shift;
        internal long stabil;
        internal long jitcnt;
        internal long calcnt;
        internal long errcnt;
        internal long stbcnt;
        internal int tai;
        private readonly padding _padding;
    }

    [InlineArray(11)]
    internal struct @padding
    {
        private int _first;
    }
}
