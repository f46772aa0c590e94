using System.Globalization;
using Init.Boot;
using Init.Configuration;
using Init.Console;
using Init.Hardening;
using Init.Linux;
using Init.Testing;

namespace Init.Init.Tests.Boot;

/// <summary>docs/boot.md shows the tables that the code has.</summary>
public sealed class DocumentationTests
{
    private static readonly string[] Rows = File.ReadAllLines(Path.Combine(Places.Root, "docs/boot.md"));

    [Fact]
    public void Every_stage_and_its_deadline_stand_in_the_document()
    {
        using BootStages stages = new(new FakeMachine(), new BootConsole(), 0);
        IEnumerable<string> expected = stages.Table(null!)
            .Select(stage => string.Create(CultureInfo.InvariantCulture, $"| {stage.Name} | {stage.Deadline.TotalSeconds} |"));
        IEnumerable<string> shown = Rows
            .SkipWhile(row => !row.StartsWith("| stage", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(row => row.StartsWith('|'))
            .Select(row => $"|{row.Split('|')[1]}|{row.Split('|')[2]}|");
        Assert.Equal(expected, shown);
    }

    [Fact]
    public void Every_setting_stands_in_the_document()
    {
        EnclaveSettings defaults = new();
        IEnumerable<string> expected = SettingsTable.All
            .Select(s => $"| `init.{s.Name}` | {s.Format(defaults)} | {s.Range()} | {s.Meaning} |")
            .Select(row => row.Replace("|  |", "| |", StringComparison.Ordinal));
        Assert.Equal(expected, Rows.Where(row => row.StartsWith("| `init.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_system_call_that_is_let_through_stands_in_its_document_with_its_reason()
    {
        IEnumerable<string> expected = SystemCalls.Table(SocketFamily.AF_VSOCK, processId: 1)
            .Select(rule => $"| `{rule.Call}` | {(rule.Answer == SystemCallAnswer.Allowed ? Arguments(rule) : "refused with ENOSYS")} | {rule.Reason} |");
        IEnumerable<string> shown = File.ReadAllLines(Path.Combine(Places.Root, "docs/system-calls.md"))
            .TakeWhile(row => !row.StartsWith("## ", StringComparison.Ordinal))
            .Where(row => row.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(expected, shown);

        static string Arguments(SystemCallRule rule) => string.Join("; ", rule.Checks.Select(check => check.Text));
    }

    [Fact]
    public void The_prover_is_the_one_that_is_pinned() =>
        Assert.Contains(
            $"\"version\": \"{BuildIdentity.ProverVersion}\"",
            File.ReadAllText(Path.Combine(Places.Root, "native/prover/pins.json")),
            StringComparison.Ordinal);
}
