using System.Text.RegularExpressions;
using Init.Parent.Manual;
using Init.Testing;

namespace Init.Parent.Tests.Manual;

/// <summary>The manual page and the completions are those of the tree, and the programs that read them do. scripts/setup.sh installs those.</summary>
public sealed partial class ManualTests
{
    private static readonly string Page = Path.Combine(Places.Root, "docs/man/enclave.1");
    private static readonly string Bash = Path.Combine(Places.Root, "completions/enclave.bash");
    private static readonly string Zsh = Path.Combine(Places.Root, "completions/_enclave");
    private static readonly string Fish = Path.Combine(Places.Root, "completions/enclave.fish");

    [Fact]
    public void What_is_committed_is_what_the_tree_gives()
    {
        ToolRoot root = CommandTree.Create();
        Assert.Equal(ManualPage.Write(root), File.ReadAllText(Page));
        Assert.Equal(BashCompletion.Write(root), File.ReadAllText(Bash));
        Assert.Equal(ZshCompletion.Write(root), File.ReadAllText(Zsh));
        Assert.Equal(FishCompletion.Write(root), File.ReadAllText(Fish));
    }

    [EnclaveFact]
    public void The_commands_print_what_is_committed()
    {
        Assert.Equal((0, File.ReadAllText(Page), ""), Tool.Enclave("/", "man"));
        Assert.Equal((0, File.ReadAllText(Bash), ""), Tool.Enclave("/", "completion", "bash"));
        Assert.Equal((0, File.ReadAllText(Zsh), ""), Tool.Enclave("/", "completion", "zsh"));
        Assert.Equal((0, File.ReadAllText(Fish), ""), Tool.Enclave("/", "completion", "fish"));
        Assert.Equal(2, Tool.Enclave("/", "completion", "csh").Code);
    }

    [Fact]
    public void Man_and_mandoc_have_nothing_to_say_about_the_page()
    {
        Assert.Equal((0, "", ""), Tool.Run("/", "mandoc", "-T", "lint", "-W", "warning", Page));
        (int code, string shown, string warnings) = Tool.Run("/", "groff", "-man", "-Tutf8", "-ww", "-rLL=200n", Page);
        Assert.Equal((0, ""), (code, warnings));
        string plain = Style().Replace(shown, "");
        Assert.All(CommandView.All(CommandTree.Create()).Where(view => view.IsDoing), view =>
        {
            Assert.Contains($"   {view.Path}", plain, StringComparison.Ordinal);
            Assert.All(view.Options, option => Assert.Contains(string.Join(", ", option.Names), plain, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Bash_completes_commands_options_values_and_files()
    {
        Assert.Equal((0, "", ""), Tool.Run("/", "bash", "-n", Bash));
        string folder = Places.Scratch($"{nameof(ManualTests)}/bash");
        Directory.CreateDirectory(Path.Combine(folder, "with blank"));
        File.WriteAllText(Path.Combine(folder, "with.eif"), "");
        Assert.Equal(["verify", "verify-attestation"], Completed("enclave", "ver"));
        Assert.Equal(["build", "describe", "diff", "measure", "sign", "verify"], Completed("enclave", "image", ""));
        Assert.Equal(["--socket"], Completed("enclave", "run", "x.eif", "--so"));
        Assert.Equal(["qemu", "software"], Completed("enclave", "run", "--nsm", ""));
        Assert.Equal(["keccak"], Completed("enclave", "local", "prove", "--oracle-hash", "k"));
        Assert.Equal(["with blank", "with.eif"], Completed("enclave", "image", "measure", "wi"));
        Assert.Equal(["with blank"], Completed("enclave", "prove", "-o", "wi"));
        Assert.Equal([], Completed("enclave", "bench", "--rate", ""));
        Assert.Equal(["bash", "fish", "zsh"], Completed("enclave", "completion", ""));

        string[] Completed(params string[] words)
        {
            string script = $"source '{Bash}'; COMP_WORDS=({string.Join(' ', words.Select(word => $"'{word}'"))}); COMP_CWORD={words.Length - 1}; _enclave; "
                + "for reply in \"${COMPREPLY[@]}\"; do echo \"$reply\"; done; complete -p enclave >&2";
            (int code, string output, string error) = Tool.Run(folder, "bash", "--norc", "-c", script);
            Assert.Equal((0, "complete -F _enclave enclave\n"), (code, error));
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public void Fish_completes_commands_options_values_and_files()
    {
        Assert.Equal((0, "", ""), Tool.Run("/", "fish", "--no-execute", Fish));
        string folder = Places.Scratch($"{nameof(ManualTests)}/fish");
        File.WriteAllText(Path.Combine(folder, "with.eif"), "");
        Assert.Equal(["verify", "verify-attestation"], Completed("enclave ver"));
        Assert.Equal(["build", "describe", "diff", "measure", "sign", "verify"], Completed("enclave image "));
        Assert.Equal(["--socket"], Completed("enclave run x.eif --so"));
        Assert.Equal(["qemu", "software"], Completed("enclave run --nsm "));
        Assert.Equal(["with.eif"], Completed("enclave image measure wi"));
        Assert.Equal([], Completed("enclave bench --rate "));
        Assert.Equal(["bash", "fish", "zsh"], Completed("enclave completion "));

        string[] Completed(string line)
        {
            (int code, string output, string error) = Tool.Run(folder, "env", $"HOME={folder}", "fish", "--no-config", "-c", $"source '{Fish}'; complete -C '{line}'");
            Assert.Equal((0, ""), (code, error));
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('\t')[0]).Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public void Zsh_completes_commands_options_and_values()
    {
        Assert.Equal((0, "", ""), Tool.Run("/", "zsh", "-n", Zsh));
        Assert.Equal("enclave verify-attestation", Completed("enclave verify-a"));
        Assert.Equal("enclave image describe", Completed("enclave image desc"));
        Assert.Equal("enclave run --blocked-console", Completed("enclave run --bl"));
        Assert.Equal("enclave run --nsm software", Completed("enclave run --nsm so"));
        Assert.Equal("enclave completion bash", Completed("enclave completion b"));
    }

    /// <summary>What stands on the line after the tabulator, in a zsh of its own on a pseudo-terminal.</summary>
    private static string Completed(string line)
    {
        // The line that is shown after the key is taken from the editor itself, by a key that prints it.
        string script = $$"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PS1=; autoload -U compinit; compinit -u -D; source '{{Zsh}}'; show() { print -r -- \"<<\$BUFFER>>\"; }; zle -N show; bindkey '^X' show; print loa''ded"
            zpty -r -m shell answer '*loaded*'
            zpty -w -n shell $'{{line}}\t\x18'
            zpty -r -m shell answer '*<<*>>*'
            print -r -- ${${answer##*<<}%%>>*}
            zpty -d shell
            """;
        (int code, string output, string error) = Tool.Run("/", "timeout", "20", "zsh", "-f", "-c", script);
        Assert.Equal((0, ""), (code, error));
        return output.Trim();
    }

    // Bold and underlined, as terminals or as printers had it.
    [GeneratedRegex("\\e\\[[0-9;]*m|.\b")]
    private static partial Regex Style();
}
