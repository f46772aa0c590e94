using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Init.Prover.Native;

/// <summary>The C ABI of native/prover/include/prover.h, and this room's only P/Invoke.</summary>
/// <remarks>
/// Statically linked into the enclave's binary; as <c>libprover.so</c> beside the assembly for programs that run on CoreCLR.
/// No call throws, exits or unwinds through managed frames: failures are statuses.
/// </remarks>
internal static unsafe partial class ProverAbi
{
    private const string Library = "prover";

    /// <summary>Room for a message, its NUL included; <c>prover_error.message</c>.</summary>
    public const int MessageBytes = 252;

    [StructLayout(LayoutKind.Sequential)]
    internal struct Config
    {
        public uint Threads;
        public uint Without;
        public ulong StackBytes;
        public ulong MemoryLimitBytes;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Error
    {
        public int Status;
        public MessageBuffer Message;
    }

    [InlineArray(MessageBytes)]
    internal struct MessageBuffer
    {
        private byte _first;
    }

    [InlineArray((int)ProverStatus.Random + 1)]
    internal struct StatusCounts
    {
        private ulong _first;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Statistics
    {
        public ulong Opened;
        public StatusCounts Failed;
        public ulong LiveInstances;
        public ulong LiveThreads;
        public ulong SnapshotBytes;
        public ulong SnapshotMemoryBytes;
        public ulong PeakMemoryBytes;
        public ulong LastOpenNs;
        public ulong DroppedLogLines;
        public byte* SrsKind;
    }

    [LibraryImport(Library, EntryPoint = "prover_create")]
    internal static partial ProverStatus Create(in Config config, out nint prover, out Error error);

    [LibraryImport(Library, EntryPoint = "prover_base")]
    internal static partial nint Base(ProverHandle prover);

    [LibraryImport(Library, EntryPoint = "prover_freeze")]
    internal static partial ProverStatus Freeze(ProverHandle prover, out Error error);

    [LibraryImport(Library, EntryPoint = "prover_open")]
    internal static partial ProverStatus Open(ProverHandle prover, out nint instance, out Error error);

    [LibraryImport(Library, EntryPoint = "prover_limit_memory")]
    internal static partial void LimitMemory(InstanceHandle instance, ulong bytes);

    [LibraryImport(Library, EntryPoint = "prover_request")]
    internal static partial ProverStatus Request(InstanceHandle instance, uint lengthBytes, ulong timeoutNs, out byte* bytes, out Error error);

    [LibraryImport(Library, EntryPoint = "prover_call")]
    internal static partial ProverStatus Call(InstanceHandle instance, ulong timeoutNs, out byte* reply, out uint replyBytes, out Error error);

    [LibraryImport(Library, EntryPoint = "prover_cancel")]
    internal static partial void Cancel(InstanceHandle instance);

    [LibraryImport(Library, EntryPoint = "prover_close")]
    internal static partial void Close(nint instance);

    [LibraryImport(Library, EntryPoint = "prover_destroy")]
    internal static partial ProverStatus Destroy(nint prover, out Error error);

    [LibraryImport(Library, EntryPoint = "prover_stats")]
    internal static partial void Stats(ProverHandle prover, out Statistics statistics);
}
