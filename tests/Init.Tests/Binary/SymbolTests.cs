using Init.Testing;

namespace Init.Init.Tests.Binary;

/// <summary>What is linked into the enclave's program: no shell, no network, nothing that starts or loads another program.</summary>
public sealed class SymbolTests
{
    /// <summary>Names without the underscores before them. Those that stay all the same stand in docs/system-calls.md, each with its reason.</summary>
    private static readonly HashSet<string> Suspicious =
    [
        "system", "libc_system", "do_system", "popen", "IO_popen", "IO_proc_open", "wordexp",
        "fork", "libc_fork", "Fork", "vfork", "libc_vfork", "posix_spawn", "posix_spawnp", "spawni", "spawnix", "SystemNative_ForkAndExecProcess",
        "execl", "execle", "execlp", "execv", "execve", "execveat", "execvp", "execvpe", "fexecve",
        "dlopen", "dlmopen", "dlsym", "dlvsym", "dladdr", "libc_dlopen_mode", "dl_open", "SystemNative_LoadLibrary",
        "getaddrinfo", "gaih_inet", "getnameinfo", "gethostbyname", "gethostbyname_r", "gethostbyaddr_r", "getservbyname", "getservbyname_r",
        "getpwnam_r", "getpwuid_r", "getgrnam_r", "getgrgid_r", "getgrouplist", "nscd_getgrouplist", "nss_database_get",
        "res_send", "res_context_send", "res_query", "nss_lookup_function", "nss_dns_gethostbyname4_r", "SystemNative_GetHostEntryForName",
        "socket", "socketpair", "bind", "listen", "connect", "SystemNative_Socket", "SystemNative_Connect", "SystemNative_Bind",
        "SSL_connect", "SSL_accept", "SSL_read", "SSL_write", "SSL_CTX_new", "OSSL_HTTP_get", "OSSL_HTTP_open",
        "BIO_connect", "BIO_new_connect", "BIO_s_connect", "BIO_s_accept", "BIO_lookup_ex",
        "mount", "umount2", "chroot", "pivot_root", "setns", "unshare", "ptrace", "process_vm_readv", "process_vm_writev",
        "init_module", "finit_module", "kexec_load", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "memfd_create",
    ];

    /// <summary>native/init/absent.c's functions, which fail.</summary>
    private static readonly string[] Absent =
        ["fork", "vfork", "execve", "dlopen", "dlsym", "dlclose", "dladdr", "dlerror", "getaddrinfo", "getnameinfo", "gethostbyname", "getservbyname",
         "getpwnam_r", "getpwuid_r", "getgrgid_r", "getgrouplist", "OSSL_HTTP_get"];

    private const ulong LargestAbsent = 48;

    [BinaryFact]
    public void What_could_start_load_or_reach_something_is_listed_with_the_reason_why_it_cannot()
    {
        IEnumerable<string> found = Symbols().Select(symbol => symbol.Name.TrimStart('_')).Where(Suspicious.Contains).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(Listed().Order(StringComparer.Ordinal), found);
    }

    [BinaryFact]
    public void What_must_be_absent_is_the_function_that_fails()
    {
        ILookup<string, ulong> sizes = Symbols().ToLookup(symbol => symbol.Name, symbol => symbol.SizeBytes);
        Assert.All(Absent, name => Assert.InRange(Assert.Single(sizes[name]), 1UL, LargestAbsent));
    }

    [BinaryFact]
    public void There_are_symbols_to_look_at()
    {
        HashSet<string> names = [.. Symbols().Select(symbol => symbol.Name)];
        Assert.InRange(names.Count, 20_000, 200_000);
        Assert.Contains("early_arm", names);
        Assert.Contains("prover_open", names);
        Assert.Contains("EVP_DigestInit_ex", names);
        Assert.Contains("__stack_chk_fail", names);
    }

    [BinaryFact]
    public void No_shell_is_named()
    {
        string[] marks = ["/bin/sh", "/bin/bash", "/bin/busybox", "/usr/bin/env"];
        byte[] program = File.ReadAllBytes(BinaryFactAttribute.Program);
        Assert.All(marks, mark => Assert.True(program.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(mark)) < 0, mark));
    }

    private static IEnumerable<(string Name, ulong SizeBytes)> Symbols() => new ElfFile(File.ReadAllBytes(BinaryFactAttribute.Symbols)).DefinedSymbols();

    // The rows after this heading: names in backticks, between the first bars.
    private static IEnumerable<string> Listed() => File.ReadAllLines(Path.Combine(Places.Root, "docs/system-calls.md"))
        .SkipWhile(line => !line.StartsWith("## What is linked", StringComparison.Ordinal))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .SelectMany(line => line.Split('|')[1].Split('`').Where((_, index) => index % 2 == 1));
}
