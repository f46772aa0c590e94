using System.Diagnostics;
using Init.Simulator.SoftwareNsm;
using Init.Testing;
using Init.Testing.Campaign;
using Xunit.Abstractions;

namespace Init.Nsm.Tests;

/// <summary>Runs alone: it counts what the whole process holds.</summary>
[CollectionDefinition(nameof(AttestationEnduranceTests), DisableParallelization = true)]
[Collection(nameof(AttestationEnduranceTests))]
public sealed class AttestationEnduranceTests(ITestOutputHelper output) : IDisposable
{
    private const int Attestations = 100_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("nsm-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Unsigned: a P-384 signature takes a millisecond and says nothing about leaks.</summary>
    [FailureMode(33, "One NSM handle for ever")]
    [Fact]
    public async Task A_hundred_thousand_attestations_use_one_handle_and_leave_nothing_behind()
    {
        string path = Path.Combine(_folder, "nsm.sock");
        using SoftwareNsmServer server = new(path, new SoftwareNsmDevice(new SoftwareNsmOptions { IsUnsigned = true }, TimeProvider.System));
        using NsmSession session = new(new UnixSocketNsmDevice(path, Sessions.Patience), TimeProvider.System);
        await AttestMany(session, Attestations / 10);
        Footprint before = Footprint.Now();
        string[] threads = NsmThreads();
        long heap = HeapBytes();
        long start = Stopwatch.GetTimestamp();
        TimeSpan startCpu = Environment.CpuUsage.TotalTime;
        await AttestMany(session, Attestations);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        TimeSpan cpu = Environment.CpuUsage.TotalTime - startCpu;
        Footprint after = Footprint.Now();
        output.WriteLine($"{took.TotalSeconds:F1} s, {cpu.TotalSeconds:F1} s of CPU; {before} -> {after}; heap {heap} -> {HeapBytes()}");

        Assert.Equal(1, server.Opens);
        Assert.Equal(1, session.Counters.DeviceOpens);
        Assert.Equal(Attestations + (Attestations / 10), session.Counters.Calls[NsmCommand.Attestation]);
        Assert.Empty(session.Counters.Errors);
        Assert.Equal(before.Descriptors, after.Descriptors);
        Assert.Equal(threads, NsmThreads()); // .NET's pool adds and drops its own
        Assert.InRange(HeapBytes(), 0, heap + (1 << 20));
        Assert.InRange(after.ResidentKiB, 0, before.ResidentKiB + (32 << 10)); // the JIT's later tiers come on top
        Assert.True(cpu < TimeSpan.FromMinutes(1), $"{cpu}"); // of both ends; the wall clock tells of other processes too
    }

    /// <summary>Sixteen callers at once, who wait for each other in the queue.</summary>
    [FailureMode(33, "One NSM handle for ever")]
    [Fact]
    public async Task Many_callers_share_the_handle()
    {
        using NsmSession session = Sessions.OverSoftware(new SoftwareNsmOptions { IsUnsigned = true });
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => AttestMany(session, 500))));
        Assert.Equal(16 * 500, session.Counters.Calls[NsmCommand.Attestation]);
        Assert.Empty(session.Counters.Errors);
        Assert.Equal(0, session.Counters.Queued);
    }

    /// <summary>An idle session's thread sleeps: nothing wakes it up to look whether there is work.</summary>
    [Fact]
    public async Task An_idle_session_makes_no_thread_run()
    {
        string[] others = NsmThreads();
        using NsmSession session = Sessions.OverSoftware(new SoftwareNsmOptions { IsUnsigned = true });
        await AttestMany(session, 1);
        string thread = Assert.Single(NsmThreads().Except(others));
        string before = Switches(thread);
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal(before, Switches(thread));
    }

    /// <summary>As the last full collection left it; <see cref="Footprint.Now"/> has just made one.</summary>
    private static long HeapBytes() => GC.GetGCMemoryInfo(GCKind.FullBlocking).HeapSizeBytes;

    private static string[] NsmThreads() =>
        [.. Directory.GetDirectories("/proc/self/task").Where(task => NameOf(task).StartsWith("nsm", StringComparison.Ordinal))];

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(task + "/comm");
        }
        catch (IOException)
        {
            return ""; // it has ended since
        }
    }

    private static string Switches(string thread) =>
        File.ReadLines(thread + "/status").Single(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal));

    private static async Task AttestMany(NsmSession session, int count)
    {
        AttestationFields fields = new() { Nonce = new byte[32] };
        for (int call = 0; call < count; call++)
        {
            ReadOnlyMemory<byte> document = await session.GetAttestationAsync(fields, Sessions.Patience);
            Assert.False(document.IsEmpty);
        }
    }
}
