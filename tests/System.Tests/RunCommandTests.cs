using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Init.Client;
using Init.Wire;

namespace Init.SystemTests;

/// <summary><c>enclave run</c> as a user has it: the production image in QEMU, on a terminal (script(1)) where a key is pressed.</summary>
public sealed class RunCommandTests : IDisposable
{
    /// <summary>What the terminal makes SIGINT of, for its foreground process group.</summary>
    private const string CtrlC = "\x03";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("init-");

    private string Socket => Path.Combine(_folder.FullName, "vsock");

    public void Dispose() => _folder.Delete(recursive: true);

    [GuestFact]
    public async Task Ctrl_C_lets_the_enclave_finish_and_ends_it()
    {
        using Terminal terminal = Terminal.Start(Run("--memory", "400", "--cpus", "1"));
        await terminal.WaitForAsync("requests, ", Patience);
        using EnclaveClient client = EnclaveClient.Open(EnclaveAddress.Parse($"simulator:{Socket}"), Patience, BootedEnclave.PlainOnce);
        Task<ProveReply> proof = client.ProveAsync(ProductionImageTests.Tiny());
        using EnclaveClient watcher = EnclaveClient.Open(EnclaveAddress.Parse($"simulator:{Socket}"), Patience, BootedEnclave.PlainOnce);
        while ((await watcher.HealthAsync()).Prover.Running == 0)
        {
            Assert.False(proof.IsCompleted);
        }

        await terminal.PressAsync(CtrlC);
        Assert.NotEqual(0, (await proof).Proof.Length);
        Assert.Equal(0, await terminal.WaitForExitAsync(Patience));

        string shown = terminal.Shown;
        Assert.Matches(@"400 MiB, 1 processor\r?\n", shown);
        Assert.Matches(@"\n.* {3}\d\.\d{3}  \[init\] ", shown);
        AssertInOrder(shown, "UNSIGNED", "[init] ready", "ready  ", "up ", "draining         requests in flight: 1", "ended");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FullName));
    }

    [GuestFact]
    public async Task A_blocked_console_shows_nothing_and_the_enclave_is_ready_all_the_same()
    {
        using Terminal terminal = Terminal.Start(Run("--blocked-console"));
        await terminal.WaitForAsync("requests, ", Patience);
        await terminal.PressAsync(CtrlC);
        Assert.Equal(0, await terminal.WaitForExitAsync(Patience));
        Assert.DoesNotContain("[init]", terminal.Shown, StringComparison.Ordinal);
        AssertInOrder(terminal.Shown, "blocked, as in production", "ready  ", "draining", "ended");
    }

    [GuestFact]
    public async Task For_a_program_it_prints_one_document_at_the_end()
    {
        ProcessStartInfo start = new(Guest.Enclave, Run("--json")[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string shown = "";
        while (!shown.Contains("\nready  ", StringComparison.Ordinal))
        {
            shown += await process.StandardError.ReadLineAsync().WaitAsync(Patience) + "\n";
        }

        Task<string> rest = process.StandardError.ReadToEndAsync();
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }

        Assert.Equal(0, process.ExitCode);
        Assert.Contains("draining", await rest, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(await output);
        Assert.Equal(
            ["Address", "MemoryMiB", "IsReady", "ReadyAfterMs", "RanMs", "FailedStage", "FailureReason"],
            document.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal($"simulator:{Socket}", document.RootElement.GetProperty("Address").GetString());
        Assert.True(document.RootElement.GetProperty("IsReady").GetBoolean());
    }

    [SoftwareNsmFact]
    public async Task A_verifier_can_be_told_the_root_of_the_software_NSM()
    {
        string path = Path.Combine(_folder.FullName, "root.pem");
        using Terminal terminal = Terminal.Start(Run("--nsm", "software", "--nsm-root", path));
        await terminal.WaitForAsync("requests, ", Patience);
        using X509Certificate2 root = X509CertificateLoader.LoadCertificateFromFile(path);
        Assert.Contains("INSECURE DEVELOPMENT", root.Subject, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexString(SHA256.HashData(root.RawData)), terminal.Shown, StringComparison.Ordinal);
        Assert.Contains("DEVELOPMENT PKI, no real verifier accepts", terminal.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("UNSIGNED", terminal.Shown, StringComparison.Ordinal);
        using (EnclaveClient client = EnclaveClient.Open(EnclaveAddress.Parse($"simulator:{Socket}"), Patience, BootedEnclave.PlainOnce))
        {
            Assert.True(DocumentSignature.IsBy((await client.FetchAttestationAsync(new byte[16], default)).Document, root));
        }

        await terminal.PressAsync(CtrlC);
        Assert.Equal(0, await terminal.WaitForExitAsync(Patience));
    }

    private string[] Run(params string[] arguments) => [Guest.Enclave, "run", Images.Production.Path, "--socket", Socket, .. arguments];

    private static void AssertInOrder(string text, params string[] parts)
    {
        int at = 0;
        foreach (string part in parts)
        {
            int found = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{part}' is not behind the others in: {text}");
            at = found;
        }
    }

    /// <summary>A program on a pseudo-terminal of its own, whose keys a test presses.</summary>
    private sealed class Terminal : IDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _shown = new();
        private readonly Task _reading;

        private Terminal(Process process)
        {
            _process = process;
            _reading = ReadAsync();
        }

        public string Shown
        {
            get
            {
                lock (_shown)
                {
                    return _shown.ToString();
                }
            }
        }

        public static Terminal Start(string[] command)
        {
            // --return: the exit code is the program's.
            ProcessStartInfo start = new("script", ["--quiet", "--return", "--command", "exec " + string.Join(' ', command), "/dev/null"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            return new Terminal(Process.Start(start)!);
        }

        public async Task PressAsync(string keys)
        {
            await _process.StandardInput.WriteAsync(keys);
            await _process.StandardInput.FlushAsync();
        }

        public async Task WaitForAsync(string text, TimeSpan patience)
        {
            long start = Stopwatch.GetTimestamp();
            while (!Shown.Contains(text, StringComparison.Ordinal))
            {
                Assert.False(_process.HasExited || Stopwatch.GetElapsedTime(start) > patience, $"no '{text}' in: {Shown}");
                await Task.Delay(50);
            }
        }

        public async Task<int> WaitForExitAsync(TimeSpan patience)
        {
            await _process.WaitForExitAsync().WaitAsync(patience);
            await _reading;
            return _process.ExitCode;
        }

        public void Dispose()
        {
            // A terminal that goes away is a hang-up, which ends the program too.
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }

        private async Task ReadAsync()
        {
            char[] buffer = new char[4096];
            int count;
            while ((count = await _process.StandardOutput.ReadAsync(buffer)) > 0)
            {
                lock (_shown)
                {
                    _shown.Append(buffer, 0, count);
                }
            }
        }
    }
}
