using System.Diagnostics;
using System.Net.Sockets;
using Init.Linux;
using Init.Simulator.Qemu;

namespace Init.Simulator.Tests.Qemu;

/// <summary>Everything around QEMU, with a shell script in its place that writes to the console it is given.</summary>
[Collection(nameof(FakeQemu))]
public sealed class QemuEnclaveTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("init-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_console_comes_line_by_line_and_ends_with_QEMU()
    {
        using QemuEnclave enclave = QemuEnclave.Start(Options("printf 'one\\r\\ntwo\\nrest' > \"$console\"; exit 3"));
        Assert.Equal("two", (await enclave.Console!.WaitForLineAsync(l => l == "two", Patience)).Text);
        Assert.Equal("one", (await enclave.Console.WaitForLineAsync(l => l == "one", Patience)).Text);
        SimulatorException ended = await Assert.ThrowsAsync<SimulatorException>(
            () => enclave.Console.WaitForLineAsync(l => l == "never", Patience));
        Assert.Equal(SimulatorError.QemuFailed, ended.Error);
        Assert.Contains("two", ended.Message);
        Assert.Equal(3, (await enclave.WaitForExitAsync(Patience)).Code);
    }

    [Fact]
    public void A_software_NSM_needs_a_QEMU_that_can_have_one()
    {
        SimulatorException failure = Assert.Throws<SimulatorException>(() => QemuEnclave.Start(Options("exit") with { Nsm = NsmKind.Software }));
        Assert.Equal(SimulatorError.QemuWithoutSoftwareNsm, failure.Error);
        Assert.Contains("patches", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_does_not_come_is_not_waited_for_longer_than_asked()
    {
        using QemuEnclave enclave = QemuEnclave.Start(Options("exec sleep 60"));
        SimulatorException late = await Assert.ThrowsAsync<SimulatorException>(
            () => enclave.Console!.WaitForLineAsync(_ => true, TimeSpan.FromMilliseconds(50)));
        Assert.Equal(SimulatorError.TimedOut, late.Error);
    }

    [Fact]
    public async Task What_QEMU_says_on_standard_error_is_part_of_its_exit()
    {
        using QemuEnclave enclave = QemuEnclave.Start(Options("echo 'no such machine' >&2; exit 1"));
        QemuExit exit = await enclave.WaitForExitAsync(Patience);
        Assert.Equal((1, "no such machine"), (exit.Code, exit.Errors));
        SimulatorException failed = await Assert.ThrowsAsync<SimulatorException>(() => enclave.ConnectWhenUpAsync(5000, Patience));
        Assert.Equal(SimulatorError.QemuFailed, failed.Error);
    }

    [Fact]
    public async Task A_blocked_console_takes_four_KiB_and_no_more_until_it_is_drained()
    {
        string marker = Path.Combine(_folder.FullName, "done");
        string script = $"head -c 4096 /dev/zero > \"$console\"; touch {marker}.4096; printf '\\nmore\\n' > \"$console\"; touch {marker}; exec sleep 60";
        using QemuEnclave enclave = QemuEnclave.Start(Options(script) with { Console = ConsoleMode.Blocked });
        Assert.True(SpinWait.SpinUntil(() => File.Exists(marker + ".4096"), Patience));
        Assert.False(SpinWait.SpinUntil(() => File.Exists(marker), TimeSpan.FromMilliseconds(300)));
        await enclave.DrainConsole().WaitForLineAsync(l => l == "more", Patience);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(marker), Patience));
    }

    [Fact]
    public async Task The_heartbeat_is_answered_and_a_failure_report_is_taken()
    {
        using QemuEnclave enclave = QemuEnclave.Start(Options("exec sleep 60"));
        using Socket heartbeat = await ConnectToHostAsync(enclave, 9000);
        await heartbeat.SendAsync(new byte[] { 0xB7 });
        byte[] answer = new byte[1];
        Assert.Equal(1, await heartbeat.ReceiveAsync(answer).WaitAsync(Patience));
        Assert.Equal(0xB7, answer[0]);
        await enclave.Heartbeat.WaitAsync(Patience);

        using (Socket report = await ConnectToHostAsync(enclave, 9001))
        {
            // {1: "nsm", 2: "open", 3: 7}
            await report.SendAsync(Convert.FromHexString("A301636E736D02646F70656E0307"));
        }

        FailureReport failure = await enclave.Failure.WaitAsync(Patience);
        Assert.Equal(("nsm", "open", TimeSpan.FromMilliseconds(7)), (failure.Stage, failure.Reason, failure.Uptime));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A1")]
    [InlineData("A101636E736D")]
    [InlineData("A301636E736D02646F70656E030700")]
    [InlineData("A302636E736D01646F70656E0307")]
    public void A_report_that_is_none_is_kept_as_bytes(string hex)
    {
        FailureReport failure = FailureReport.Read(TimeSpan.Zero, Convert.FromHexString(hex));
        Assert.Null(failure.Stage);
        Assert.Equal(hex, Convert.ToHexString(failure.Bytes.Span));
    }

    [Fact]
    public async Task Nobody_answers_where_nobody_was_asked_to()
    {
        using QemuEnclave enclave = QemuEnclave.Start(Options("exec sleep 60") with { AnswersHeartbeat = false, ListensForFailure = false });
        await Assert.ThrowsAsync<SocketException>(() => ConnectToHostAsync(enclave, 9000));
        await Assert.ThrowsAsync<SocketException>(() => ConnectToHostAsync(enclave, 9001));
    }

    [Fact]
    public void Disposing_ends_the_process_and_removes_the_sockets()
    {
        string path = Path.Combine(_folder.FullName, "vsock");
        QemuEnclave enclave = QemuEnclave.Start(Options("exec sleep 60") with { SocketPath = path });
        using Process process = Process.GetProcessById(enclave.ProcessId);
        Assert.True(File.Exists(path) && File.Exists(path + "_9000") && File.Exists(path + "_9001"));
        enclave.Dispose();
        Assert.True(process.WaitForExit(Patience));
        Assert.Empty(Directory.GetFiles(_folder.FullName, "vsock*"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void QEMU_has_a_session_of_its_own_where_that_is_wanted(bool isWanted)
    {
        using QemuEnclave enclave = QemuEnclave.Start(Options("exec sleep 60") with { HasOwnSession = isWanted });
        Assert.Equal(isWanted, SpinWait.SpinUntil(() => SessionOf(enclave.ProcessId) == enclave.ProcessId, isWanted ? Patience : TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public void An_image_that_is_none_is_refused() =>
        Assert.Equal(SimulatorError.ImageInvalid, Refused(Options("") with { ImagePath = Write("not.eif", "#!/bin/sh") }));

    [Fact]
    public void An_image_that_is_not_there_is_refused() =>
        Assert.Equal(SimulatorError.ImageInvalid, Refused(Options("") with { ImagePath = "/nowhere.eif" }));

    [Fact]
    public void Less_than_four_times_the_image_is_refused()
    {
        string image = Write("large.eif", ".eif" + new string(' ', 40 << 20));
        Assert.Equal(SimulatorError.MemoryTooSmall, Refused(Options("") with { ImagePath = image, MemoryMiB = 160 }));
        using QemuEnclave enclave = QemuEnclave.Start(Options("exec sleep 60") with { ImagePath = image });
        Assert.Equal(161, enclave.MemoryMiB);
    }

    [Fact]
    public void A_socket_that_is_in_use_is_refused_and_a_leftover_is_replaced()
    {
        string path = Path.Combine(_folder.FullName, "vsock");
        using (QemuEnclave first = QemuEnclave.Start(Options("exec sleep 60") with { SocketPath = path }))
        {
            Assert.Equal(SimulatorError.SocketInUse, Refused(Options("exec sleep 60") with { SocketPath = path }));
        }

        UnixSocket.Listen(path, 1).Dispose();
        UnixSocket.Listen(path + "_9000", 1).Dispose();
        Assert.True(File.Exists(path) && File.Exists(path + "_9000"));
        QemuEnclave.Start(Options("exec sleep 60") with { SocketPath = path }).Dispose();
        File.WriteAllText(path, "");
        Assert.Equal(SimulatorError.SocketInUse, Refused(Options("exec sleep 60") with { SocketPath = path }));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void A_socket_path_that_is_too_long_is_refused() =>
        Assert.Equal(SimulatorError.SocketPathTooLong, Refused(Options("") with { SocketPath = "/tmp/" + new string('x', 92) }));

    [Fact]
    public void A_program_that_cannot_be_started_is_refused() =>
        Assert.Equal(SimulatorError.QemuMissing, Refused(Options("") with { Qemu = new QemuLocation("/nowhere/qemu", null) }));

    private static async Task<Socket> ConnectToHostAsync(QemuEnclave enclave, uint port)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint($"{enclave.SocketPath}_{port}"));
        return socket;
    }

    /// <summary>The fourth number behind the name in /proc/pid/stat.</summary>
    private static int SessionOf(int processId) => int.Parse(File.ReadAllText($"/proc/{processId}/stat").Split(") ")[1].Split(' ')[3]);

    private static SimulatorError Refused(QemuEnclaveOptions options) =>
        Assert.Throws<SimulatorException>(() => QemuEnclave.Start(options)).Error;

    private QemuEnclaveOptions Options(string script) => new()
    {
        ImagePath = Write("x.eif", ".eif"),
        Qemu = FakeQemu.Write(_folder, script),
    };

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
