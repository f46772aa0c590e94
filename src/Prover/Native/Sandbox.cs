using System.Runtime.InteropServices;
using System.Text;

namespace Init.Prover.Native;

/// <summary>The sandboxed module before and after its snapshot: makes one instance a request.</summary>
/// <remarks>Thread safety: <see cref="Open"/> and <see cref="Statistics"/> from any thread; the rest from the creating one.</remarks>
internal sealed class Sandbox : IDisposable
{
    private readonly ProverHandle _handle;

    private Sandbox(ProverHandle handle) => _handle = handle;

    /// <summary>Instantiates the module and installs the fault handlers.</summary>
    /// <param name="threads">Threads of one instance, the calling one included: 1 to 64.</param>
    /// <param name="stackBytes">Stack of one prover thread: 64 KiB to 1 GiB, touched lazily.</param>
    /// <param name="memoryLimitBytes">Linear memory of one instance: 4 MiB to 4 GiB.</param>
    /// <param name="without">Instruction sets to leave alone, in the whole process.</param>
    /// <exception cref="ProverException">UnsupportedCpu, Resource, InvalidState (a value out of range).</exception>
    public static Sandbox Create(int threads, long stackBytes, long memoryLimitBytes, CpuFeatures without)
    {
        ProverAbi.Config config = new()
        {
            Threads = (uint)threads,
            Without = (uint)without,
            StackBytes = (ulong)stackBytes,
            MemoryLimitBytes = (ulong)memoryLimitBytes,
        };
        ProverStatus status = ProverAbi.Create(in config, out nint prover, out ProverAbi.Error error);
        Check("create the prover", status, in error);
        return new Sandbox(new ProverHandle(prover));
    }

    /// <summary>The instance that becomes the snapshot; one thread, no randomness. Use before <see cref="Freeze"/> only.</summary>
    public SandboxInstance OpenBase() => new(new InstanceHandle(_handle, ProverAbi.Base(_handle), isBase: true));

    /// <summary>Takes the snapshot that every later instance starts from.</summary>
    /// <exception cref="ProverException">InvalidState, Resource, or what the base instance failed with.</exception>
    public void Freeze()
    {
        ProverStatus status = ProverAbi.Freeze(_handle, out ProverAbi.Error error);
        Check("freeze the prover", status, in error);
    }

    /// <summary>A fresh instance. The caller disposes it.</summary>
    /// <exception cref="ProverException">InvalidState (not frozen), Resource.</exception>
    public SandboxInstance Open()
    {
        ProverStatus status = ProverAbi.Open(_handle, out nint instance, out ProverAbi.Error error);
        Check("open a prover instance", status, in error);
        return new SandboxInstance(new InstanceHandle(_handle, instance, isBase: false));
    }

    /// <summary>Counters since creation.</summary>
    public ProverStatistics Statistics()
    {
        ProverAbi.Stats(_handle, out ProverAbi.Statistics native);
        Dictionary<ProverError, long> failures = [];
        for (int i = 1; i <= (int)ProverStatus.Random; i++)
        {
            if (native.Failed[i] != 0)
            {
                ProverError reason = ReasonOf((ProverStatus)i);
                failures[reason] = failures.GetValueOrDefault(reason) + (long)native.Failed[i];
            }
        }

        return new ProverStatistics
        {
            InstancesOpened = (long)native.Opened,
            InstancesLive = (long)native.LiveInstances,
            ThreadsLive = (long)native.LiveThreads,
            SnapshotBytes = (long)native.SnapshotBytes,
            InitialMemoryBytes = (long)native.SnapshotMemoryBytes,
            PeakMemoryBytes = (long)native.PeakMemoryBytes,
            LastOpen = TimeSpan.FromMicroseconds(native.LastOpenNs / 1000.0),
            DroppedLogLines = (long)native.DroppedLogLines,
            SrsKind = TextOf(in native),
            Failures = failures,
        };
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>Throws what a status other than Ok stands for.</summary>
    internal static void Check(string operation, ProverStatus status, in ProverAbi.Error error)
    {
        if (status != ProverStatus.Ok)
        {
            throw new ProverException(ReasonOf(status), $"{operation}: {TextOf(in error)}");
        }
    }

    internal static ProverError ReasonOf(ProverStatus status) => status switch
    {
        ProverStatus.Cpu => ProverError.UnsupportedCpu,
        ProverStatus.Resource => ProverError.Resource,
        ProverStatus.Aborted or ProverStatus.Exited => ProverError.Aborted,
        ProverStatus.Trapped => ProverError.Trapped,
        ProverStatus.Fault => ProverError.MemoryFault,
        ProverStatus.Stack => ProverError.StackExhausted,
        ProverStatus.Memory => ProverError.MemoryLimit,
        ProverStatus.Deadline => ProverError.DeadlineExpired,
        ProverStatus.Cancelled => ProverError.Cancelled,
        ProverStatus.Reply => ProverError.MalformedReply,
        _ => ProverError.InvalidState,
    };

    private static string TextOf(in ProverAbi.Error error)
    {
        ReadOnlySpan<byte> text = error.Message;
        int end = text.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? text : text[..end]);
    }

    // Sound: the library returns a NUL-terminated string with static lifetime.
    private static unsafe string TextOf(in ProverAbi.Statistics native) => Marshal.PtrToStringUTF8((nint)native.SrsKind) ?? "";
}
