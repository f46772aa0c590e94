using System.Diagnostics;
using System.Net.Sockets;
using Init.Simulator.Qemu;
using Init.Testing;

namespace Init.Simulator.Tests.Qemu;

/// <summary><c>enclave run</c> from outside, with a shell script in QEMU's place.</summary>
[Collection(nameof(FakeQemu))]
public sealed class RunCommandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("init-");

    public void Dispose() => _folder.Delete(recursive: true);

    [EnclaveFact]
    public void The_console_has_a_time_column_and_control_characters_stay_out_of_the_terminal()
    {
        (int code, string output, _) = Run("printf 'hello \\033[2J\\n[init] ready\\n' > \"$console\"");
        Assert.Equal(0, code);
        Assert.Matches(@"\n {4}\d\.\d{3}  hello \\u001b\[2J\n", output);
        Assert.Matches(@"\nready +after \d+\.\d s\n", output);
        Assert.Matches(@"\nended +after \d+\.\d s\n", output);
    }

    [EnclaveFact]
    public void What_differs_from_Nitro_is_said_first()
    {
        (_, string output, _) = Run("echo first line > \"$console\"");
        Assert.Contains("UNSIGNED", output);
        Assert.Contains("kvm-clock", output);
        Assert.Contains("TCG", output);
        Assert.True(output.IndexOf("TCG", StringComparison.Ordinal) < output.IndexOf("first line", StringComparison.Ordinal));
    }

    [EnclaveFact]
    public void An_enclave_that_ends_before_it_is_ready_is_a_failure()
    {
        (int code, _, string errors) = Run("exit 0");
        Assert.Equal((1, "enclave: error: the enclave ended before it was ready\n"), (code, errors));
    }

    [EnclaveFact]
    public void What_QEMU_complains_about_is_shown()
    {
        (int code, _, string errors) = Run("echo 'no vhost' >&2; exit 1");
        Assert.Equal((1, "enclave: error: QEMU ended with 1: no vhost\n"), (code, errors));
    }

    [EnclaveFact]
    public void A_missing_QEMU_too_little_memory_and_no_image_are_one_line_each()
    {
        Assert.Contains("nitro-enclave machine", Run("", qemu: "/nowhere").Errors);
        Assert.Contains("four times the image are 40 MiB", Run("", imageBytes: 10 << 20, "--memory", "39").Errors);
        Assert.Contains("not an enclave image file", Run("", imageBytes: 0).Errors);
    }

    [EnclaveFact]
    public void Each_says_what_to_do_about_it()
    {
        Assert.Contains("\nenclave: hint: `make qemu`", Run("", qemu: "/nowhere").Errors, StringComparison.Ordinal);
        Assert.Contains("\nenclave: hint: raise --memory", Run("", imageBytes: 10 << 20, "--memory", "39").Errors, StringComparison.Ordinal);
        Assert.Contains("\nenclave: hint: `enclave image build`", Run("", imageBytes: 0).Errors, StringComparison.Ordinal);
        (int code, _, string errors) = Run("", imageBytes: 4, "--nsm", "software");
        Assert.Equal(1, code);
        Assert.Matches("^enclave: error: .*patches.*\nenclave: hint: .*--from-source", errors);
    }

    [EnclaveFact]
    public void A_socket_that_somebody_listens_on_is_left_alone()
    {
        string path = Path.Combine(_folder.FullName, "vsock");
        using Socket other = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(path));
        other.Listen();
        (int code, _, string errors) = Run("", imageBytes: 4, "--socket", path);
        Assert.Equal(1, code);
        Assert.Matches("^enclave: error: .*vsock.*\nenclave: hint: .*--socket", errors);
        Assert.True(File.Exists(path));
    }

    [EnclaveFact]
    public void A_root_to_write_needs_a_software_NSM() =>
        Assert.Contains("--nsm software", Run("", imageBytes: 4, "--nsm-root", "root.pem").Errors, StringComparison.Ordinal);

    [EnclaveFact]
    public void A_signal_that_ends_it_ends_QEMU_too()
    {
        string pidFile = Path.Combine(_folder.FullName, "pid");
        using Process process = Start(FakeQemu.Write(_folder, $"echo $$ > {pidFile}.new; mv {pidFile}.new {pidFile}; exec sleep 60").Program, 4);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(pidFile), Patience));
        using Process qemu = Process.GetProcessById(int.Parse(File.ReadAllText(pidFile)));
        using (Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            kill.WaitForExit();
        }

        Assert.True(process.WaitForExit(Patience));
        Assert.Equal(130, process.ExitCode);
        Assert.True(qemu.WaitForExit(Patience));
    }

    private (int Code, string Output, string Errors) Run(string script) => Run(script, imageBytes: 4);

    private (int Code, string Output, string Errors) Run(string script, int imageBytes, params string[] arguments) =>
        Finish(Start(FakeQemu.Write(_folder, script).Program, imageBytes, arguments));

    private (int Code, string Output, string Errors) Run(string script, string qemu)
    {
        FakeQemu.Write(_folder, script);
        return Finish(Start(qemu, 4));
    }

    private static (int Code, string Output, string Errors) Finish(Process process)
    {
        using (process)
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.GetAwaiter().GetResult());
        }
    }

    private Process Start(string qemu, int imageBytes, params string[] arguments)
    {
        string image = Path.Combine(_folder.FullName, "x.eif");
        File.WriteAllText(image, imageBytes == 0 ? "" : ".eif" + new string(' ', imageBytes - 4));
        var start = new ProcessStartInfo(EnclaveFactAttribute.Binary, ["run", image, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[QemuLocation.Variable] = qemu;
        return Process.Start(start)!;
    }
}
