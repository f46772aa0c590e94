using System.Globalization;
using System.Text;
using Init.Client;
using Init.Linux;

namespace Init.Init.Tests.InitProcess;

/// <summary>The static executable once it has given up what boot needed: what it cannot do any more, and that no thread is left out.</summary>
public sealed class ConfinementTests
{
    private const int EndedByReboot = 128 + 1;
    private const int EndedBySigsys = 128 + 31;

    /// <summary>Calls that end the process, with their arguments: what an intruder would want, and what only boot needs.</summary>
    public static TheoryData<string, string> Forbidden { get; } = new()
    {
        { "execve", "59" },
        { "execveat", "322" },
        { "fork", "57" },
        { "vfork", "58" },
        { "clone, as fork does it", "56,17" },
        { "ptrace", "101" },
        { "process_vm_readv", "310" },
        { "kill", "62,0,0" },
        { "tgkill of another process", "234,1,1,0" },
        { "mmap of executable memory", "9,0,4096,5,34,-1" },
        { "mmap of memory that is written and executed", "9,0,4096,7,34,-1" },
        { "mprotect that makes memory executable", "10,4096,4096,5" },
        { "pkey_mprotect", "329,4096,4096,5" },
        { "memfd_create", "319" },
        { "remap_file_pages", "216" },
        { "personality", "135" },
        { "socket of AF_INET", "41,2,1" },
        { "socket of AF_NETLINK", "41,16,3" },
        { "bind", "49" },
        { "listen", "50" },
        { "open", "2" },
        { "openat for writing", "257,-100,0,1" },
        { "openat that makes a file", "257,-100,0,64" },
        { "unlink", "87" },
        { "mount", "165" },
        { "umount2", "166" },
        { "chroot", "161" },
        { "init_module", "175" },
        { "finit_module", "313" },
        { "kexec_load", "246" },
        { "bpf", "321" },
        { "perf_event_open", "298" },
        { "userfaultfd", "323" },
        { "io_uring_setup", "425" },
        { "seccomp", "317" },
        { "prctl of what may be dumped", "157,4,1" },
        { "capset", "126" },
        { "setuid", "105" },
        { "ioctl of a terminal", "16,0,21522" },
        { "ioctl that credits entropy", "16,0,1074287107" },
        { "rt_sigaction that takes the filter's signal", "13,31" },
        { "futex with priorities", "202,0,6" },
        { "clock_settime of another clock", "227,1" },
        { "reboot into another kernel", "169,4276215469,672274793,1163412803" },
        { "a number that no call has", "1000" },
        { "the ABI x32", "1073741825" },
    };

    [ProcessTheory]
    [MemberData(nameof(Forbidden))]
    public void A_call_that_is_not_in_the_table_ends_the_process(string what, string call)
    {
        Assert.NotEmpty(what);
        using BootedProcess process = new(Plan("--call", call));
        Assert.Equal(EndedBySigsys, process.WaitForExit());
        Assert.DoesNotContain(process.Lines, line => line.StartsWith("[init] ready", StringComparison.Ordinal));
    }

    [ProcessFact]
    public async Task A_call_that_is_in_the_table_is_made()
    {
        // Otherwise nothing above would show that it is the filter which ends it.
        using BootedProcess process = new(Plan("--call", "24"));
        Assert.Equal(1, process.WaitForExit());
        Assert.Contains("call 24: 0", Encoding.ASCII.GetString(await process.Report.WaitAsync(TimeSpan.FromSeconds(10))), StringComparison.Ordinal);
    }

    [ProcessFact]
    public async Task Executable_memory_is_refused_by_the_kernel_too_where_the_filter_lets_it_through()
    {
        const string Writable = "9,0,4096,7,34,-1";
        using BootedProcess process = new(Plan("--unfiltered", "9", "--call", Writable));
        Assert.Equal(1, process.WaitForExit());
        string report = Encoding.ASCII.GetString(await process.Report.WaitAsync(TimeSpan.FromSeconds(10)));
        bool isRefused = report.Contains($"call {Writable}: -1", StringComparison.Ordinal);
        Assert.Equal(Environment.OSVersion.Version >= new Version(6, 3), isRefused); // has PR_SET_MDWE
        Assert.Contains($"call {Writable}: ", report, StringComparison.Ordinal);
    }

    [ProcessTheory(NeedsNamespace = true)]
    [InlineData("59", "[init] fatal: SIGSYS, call 59")]
    [InlineData("1073741825", "[init] fatal: SIGSYS, call 1073741825")]
    public void As_PID_1_it_says_which_call_it_was_and_reboots(string call, string line)
    {
        using BootedProcess process = new(Plan("--call", call) with { IsFirst = true });
        Assert.Equal(EndedByReboot, process.WaitForExit());
        Assert.Equal(line, process.Lines[^1]);
    }

    [ProcessFact]
    public async Task No_thread_is_left_out_and_no_memory_is_written_and_executed()
    {
        using BootedProcess process = new(Plan());
        using EnclaveClient client = process.Connect();
        await client.EchoAsync(new byte[1 << 20]);
        string folder = $"/proc/{process.FindId(isFirst: false)}";
        string[] threads = Directory.GetDirectories($"{folder}/task");
        Assert.InRange(threads.Length, 5, 200);
        ulong kept = (1UL << (int)Capability.CAP_SYS_BOOT) | (1UL << (int)Capability.CAP_SYS_TIME);
        foreach (string thread in threads)
        {
            Dictionary<string, string> status = File.ReadAllLines($"{thread}/status").ToDictionary(line => line.Split(':')[0], line => line.Split(':')[1].Trim());
            ulong Set(string name) => ulong.Parse(status[name], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            string[] sets = Environment.IsPrivilegedProcess ? ["CapPrm", "CapEff", "CapBnd"] : ["CapPrm", "CapEff"];
            Assert.All(sets, set => Assert.Equal(0UL, Set(set) & ~kept));
            Assert.Equal((0UL, 0UL), (Set("CapInh"), Set("CapAmb")));
            Assert.Equal(("1", "2"), (status["NoNewPrivs"], status["Seccomp"]));
        }

        Assert.DoesNotContain(File.ReadAllLines($"{folder}/maps"), line => line.Split(' ')[1] is ['r' or '-', 'w', 'x', ..]);
    }

    private static ProcessPlan Plan(params string[] arguments) => new() { Arguments = [.. arguments, "init.crs_points=1024", "init.threads=1", "init.heartbeat=off"] };
}
