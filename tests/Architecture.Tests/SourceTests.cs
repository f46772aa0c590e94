namespace Init.Architecture.Tests;

public sealed class SourceTests
{
    [Fact]
    public void Enclave_rooms_keep_unsafe_code_in_its_place_and_use_nothing_forbidden()
    {
        IEnumerable<string> violations = Repository.EnclaveSources().SelectMany(file =>
            SourceRules.Violations(file, File.ReadAllText(Path.Combine(Repository.Source, file))));
        Assert.Empty(violations);
    }

    [Fact]
    public void There_are_enclave_sources_to_look_at() => Assert.NotEmpty(Repository.EnclaveSources());

    [Theory]
    [InlineData("Prover/Gzip/A.cs", "public unsafe void F() { }")]
    [InlineData("Prover/NativeLike/A.cs", "[LibraryImport(\"libc\")] static partial int getpid();")]
    [InlineData("Wire/A.cs", "x = Unsafe.As<int, uint>(ref y);")]
    [InlineData("Wire/A.cs", "Marshal.Copy(a, b, 0, 1);")]
    [InlineData("Wire/A.cs", "ref byte r = ref MemoryMarshal.GetReference(span);")]
    public void Unsafe_code_elsewhere_is_found(string path, string code) => Assert.Single(SourceRules.Violations(path, code));

    [Theory]
    [InlineData("Prover/Native/A.cs", "public unsafe void F() { }")]
    [InlineData("Linux/A.cs", "[LibraryImport(\"libc\")] static partial int getpid();")]
    [InlineData("Wire/A.cs", "// not unsafe, see Console.WriteLine")]
    [InlineData("Wire/A.cs", "string s = \"unsafe \\\" Console.\"; /* Process.Start */ char c = '\"'; x.Process();")]
    public void What_is_allowed_or_only_mentioned_is_not_found(string path, string code) => Assert.Empty(SourceRules.Violations(path, code));

    [Theory]
    [InlineData("System.Console.WriteLine();")]
    [InlineData("Console.Error.Write(1);")]
    [InlineData("using static System.Console;")]
    [InlineData("Process.Start(\"sh\");")]
    [InlineData("var p = new Process();")]
    [InlineData("PosixSignalRegistration.Create(a, b);")]
    [InlineData("Dns.GetHostName();")]
    [InlineData("Environment.Exit(1);")]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("#pragma warning disable RS0030\n")]
    public void A_forbidden_call_is_found(string code) => Assert.Single(SourceRules.Violations("Linux/A.cs", code));

    [Theory]
    [InlineData("T:System.Console;")]
    [InlineData("T:System.Diagnostics.Process;")]
    [InlineData("T:System.Runtime.InteropServices.PosixSignalRegistration;")]
    [InlineData("T:System.Net.Dns;")]
    [InlineData("M:System.Environment.Exit(System.Int32);")]
    [InlineData("M:System.Threading.Thread.Sleep(System.Int32);")]
    public void The_compilers_list_of_banned_symbols_has_it_too(string symbol) =>
        Assert.Contains(File.ReadLines(Path.Combine(Repository.Root, "BannedSymbols.txt")), line => line.StartsWith(symbol, StringComparison.Ordinal));
}
