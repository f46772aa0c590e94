using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using Init.Parent.Manual;
using Init.Testing;

namespace Init.Parent.Tests;

/// <summary>The exit codes of docs/command.md, for every command of the tree.</summary>
public sealed class ExitCodeTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private static IEnumerable<(string Path, Command Command)> Doing =>
        CommandTreeTests.Commands().Where(command => command.Command.Action is not null);

    /// <summary>The examples of the commands that talk to an enclave, at another address and with files that exist.</summary>
    private static IEnumerable<string[]> Asking(string address) =>
        from command in Doing
        where command.Command.Options.Any(option => option.Name == "--address")
        let words = ((IDocumented)command.Command).Examples[0].CommandLine.Split(' ')[1..]
        select words.Select((word, index) => index > 0 && words[index - 1] == "--address" ? address
            : index > 0 && words[index - 1] is "-b" ? "circuit.json"
            : index > 0 && words[index - 1] is "-w" or "-k" or "-p" or "-i" ? "file"
            : index > 0 && words[index - 1] is "--pcrs" ? "pcrs.json"
            : word).ToArray();

    [EnclaveFact]
    public void A_mistake_in_the_arguments_ends_with_2_says_what_and_where_help_is()
    {
        Assert.All(CommandTreeTests.Commands(), command =>
        {
            (int code, string output, string error) = Tool.Enclave("/", [.. command.Path.Split(' ')[1..], "--nonsense"]);
            Assert.Equal((2, ""), (code, output));
            string[] lines = error.TrimEnd('\n').Split('\n');
            Assert.All(lines[..^1], line => Assert.StartsWith("enclave: error: ", line, StringComparison.Ordinal));
            Assert.Equal($"enclave: hint: {command.Path} --help", lines[^1]);
        });
    }

    [EnclaveFact]
    public void Help_ends_with_0_and_shows_the_examples()
    {
        Assert.All(CommandTreeTests.Commands(), command =>
        {
            (int code, string output, string error) = Tool.Enclave("/", [.. command.Path.Split(' ')[1..], "--help"]);
            Assert.Equal((0, ""), (code, error));
            Assert.All(((IDocumented)command.Command).Examples, example => Assert.Contains($"\n  {example.CommandLine}\n", output, StringComparison.Ordinal));
        });
        string root = Tool.Enclave("/", "--help").Output;
        Assert.All(ExitStatus.All, status => Assert.Contains(status.Meaning, root, StringComparison.Ordinal));
        Assert.Contains("<qemu|software>", Tool.Enclave("/", "run", "--help").Output, StringComparison.Ordinal);
    }

    [EnclaveFact]
    public void An_address_that_is_none_ends_with_2()
    {
        Assert.All(Asking("somewhere"), arguments =>
        {
            (int code, _, string error) = Tool.Enclave(Inputs("address"), arguments);
            Assert.Equal(2, code);
            Assert.StartsWith("enclave: error: read address 'somewhere': ", error, StringComparison.Ordinal);
        });
    }

    [EnclaveFact]
    public void Nobody_at_the_address_ends_with_4_and_a_hint()
    {
        string folder = Inputs("unreachable");
        Assert.All(Asking($"unix:{folder}/nobody"), arguments =>
        {
            (int code, string output, string error) = Tool.Enclave(folder, arguments);
            Assert.Equal((4, ""), (code, output));
            string[] lines = error.TrimEnd('\n').Split('\n');
            Assert.StartsWith("enclave: error: connect to unix:", lines[^2], StringComparison.Ordinal);
            Assert.StartsWith("enclave: hint: does the enclave run", lines[^1], StringComparison.Ordinal);
        });
    }

    [EnclaveFact]
    public void A_peer_that_hangs_up_ends_with_4()
    {
        string folder = Inputs("hangup");
        using Socket listener = Listen(folder);
        _ = Task.Run(() =>
        {
            while (true)
            {
                listener.Accept().Dispose();
            }
        });
        Assert.All(Asking($"unix:{folder}/s"), arguments => Assert.Equal(4, Tool.Enclave(folder, arguments).Code));
    }

    [EnclaveFact]
    public void A_file_that_is_missing_ends_with_1_and_leaves_nothing()
    {
        string folder = Places.Scratch($"{nameof(ExitCodeTests)}/missing");
        Assert.All(Reading("missing"), arguments =>
        {
            (int code, string output, string error) = Tool.Enclave(folder, arguments);
            Assert.Equal((1, ""), (code, output));
            Assert.StartsWith("enclave: error: ", error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        });
    }

    [EnclaveFact]
    public void Ctrl_C_while_an_enclave_does_not_answer_ends_with_130_at_once()
    {
        string folder = Inputs("mute");
        using Socket listener = Listen(folder);
        Assert.All(Asking($"unix:{folder}/s"), arguments =>
        {
            using Process process = Tool.Start(folder, EnclaveFactAttribute.Binary, arguments);
            using Socket connection = listener.Accept();
            Assert.NotEqual(0, connection.Receive(new byte[1])); // it waits for our answer
            AssertInterrupted(process);
        });
        Assert.Equal(["circuit.json", "file", "pcrs.json", "s"], Names(folder));
    }

    [EnclaveFact]
    public void Ctrl_C_while_a_file_is_read_ends_with_130_and_leaves_nothing()
    {
        string folder = Places.Scratch($"{nameof(ExitCodeTests)}/blocked");
        Tool.Run(folder, "mkfifo", "fifo");
        Assert.All(Reading("fifo").Where(arguments => !NeedsSeeking(arguments)), arguments =>
        {
            using Process process = Tool.Start(folder, EnclaveFactAttribute.Binary, arguments);

            // Opening its other end waits until the command reads; it then waits for what never comes.
            using FileStream fifo = new(Path.Combine(folder, "fifo"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            AssertInterrupted(process);
        });
        Assert.Equal(["fifo"], Names(folder));
    }

    [EnclaveFact]
    public void Ctrl_C_while_a_file_is_written_leaves_neither_it_nor_a_piece_of_it()
    {
        string folder = Places.Scratch($"{nameof(ExitCodeTests)}/written");
        File.WriteAllText(Path.Combine(folder, "init"), "program");
        using (FileStream large = File.Create(Path.Combine(folder, "large")))
        {
            large.SetLength(2L << 30); // sparse: it takes seconds to read and compress, and no room
        }

        using Process process = Tool.Start(
            folder, EnclaveFactAttribute.Binary, "image", "build", "--kernel", Path.Combine(Places.Root, "out/kernel/bzImage"), "--init", "init", "--file", "large=/large", "-o", "out.eif");
        while (!File.Exists(Path.Combine(folder, "out.eif.unfinished")))
        {
            Assert.False(process.HasExited, "ended before it wrote");
            Thread.Sleep(5); // another process: there is nothing to wait on
        }

        AssertInterrupted(process);
        Assert.Equal(["init", "large"], Names(folder));
    }

    /// <summary>Each command that reads a file before it does anything else.</summary>
    private static string[][] Reading(string path) =>
    [
        ["verify-attestation", path],
        ["attest", "-a", "unix:nobody", "--pcrs", path],
        ["prove", "-a", "unix:nobody", "--insecure", "-b", path, "-w", path, "-o", "out"],
        ["verify", "-a", "unix:nobody", "--insecure", "-k", path, "-p", path, "-i", path],
        ["vk", "-a", "unix:nobody", "--insecure", "-b", path, "-o", "out"],
        ["nsm", "socket", "--pcrs", path],
        ["image", "build", "--kernel", path, "--init", path, "-o", "out"],
        ["image", "describe", path],
        ["image", "diff", path, path],
        ["image", "measure", path],
        ["image", "sign", path, "--signing-key", path, "--signing-certificate", path],
        ["image", "verify", path],
    ];

    /// <summary>Images are read here and there: a pipe is refused at once.</summary>
    private static bool NeedsSeeking(string[] arguments) => arguments is ["image", "describe" or "diff" or "measure" or "verify", ..];

    private static void AssertInterrupted(Process process)
    {
        long start = Stopwatch.GetTimestamp();
        Tool.Interrupt(process);
        (int code, string output, string error) = Tool.Finish(process);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Bound);
        Assert.Equal((130, ""), (code, output));
        Assert.EndsWith("enclave: error: interrupted\n", error, StringComparison.Ordinal);
    }

    private static string Inputs(string name)
    {
        // A short path, for the socket in it.
        string folder = Places.Scratch($"ec-{name}");
        File.Copy(Path.Combine(Places.Root, "tests/circuits/tiny/prog.json"), Path.Combine(folder, "circuit.json"));
        File.WriteAllText(Path.Combine(folder, "file"), "not empty");
        string pcr = new('1', 96);
        File.WriteAllText(Path.Combine(folder, "pcrs.json"), $$"""{ "Measurements": { "HashAlgorithm": "Sha384 { ... }", "PCR0": "{{pcr}}", "PCR1": "{{pcr}}", "PCR2": "{{pcr}}" } }""");
        return folder;
    }

    private static Socket Listen(string folder)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "s")));
        listener.Listen();
        return listener;
    }

    private static IEnumerable<string?> Names(string folder) => Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order();
}
