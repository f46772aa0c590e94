using System.Runtime.InteropServices;

namespace Init.Linux.Headers;

/// <summary>linux/filter.h: classic BPF, as far as a filter of system calls takes it.</summary>
internal static unsafe class linux_filter_h
{
    internal const ushort BPF_LD = 0x00;
    internal const ushort BPF_ALU = 0x04;
    internal const ushort BPF_JMP = 0x05;
    internal const ushort BPF_RET = 0x06;
    internal const ushort BPF_W = 0x00;
    internal const ushort BPF_ABS = 0x20;
    internal const ushort BPF_AND = 0x50;
    internal const ushort BPF_JEQ = 0x10;
    internal const ushort BPF_K = 0x00;
    internal const int BPF_MAXINSNS = 4096;

    [StructLayout(LayoutKind.Sequential)]
    internal struct sock_filter
    {
        internal ushort code;
        internal byte jt;
        internal byte jf;
        internal uint k;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct sock_fprog
    {
        internal ushort len;
        internal sock_filter* filter;
    }
}
