using Init.Configuration;

namespace Init.Init.Tests.Configuration;

public sealed class SettingsTableTests
{
    public static TheoryData<string> Names { get; } = [.. SettingsTable.All.Select(s => s.Name)];

    [Fact]
    public void Names_are_unique_and_fit_the_kernels_command_line() =>
        Assert.All(
            SettingsTable.All.GroupBy(s => s.Name),
            group => Assert.Matches("^[a-z][a-z0-9_]*$", Assert.Single(group).Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_default_is_a_value_that_may_be_set(string name)
    {
        Setting setting = SettingsTable.All.Single(s => s.Name == name);
        EnclaveSettings defaults = new();
        string text = setting.Format(defaults);
        Assert.True(text.Length == 0 || setting.Apply(defaults, text) == defaults);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_set_is_written_as_it_was_read_and_changes_nothing_else(string name)
    {
        Setting setting = SettingsTable.All.Single(s => s.Name == name);
        EnclaveSettings defaults = new();
        string other = OtherValue(setting, defaults);
        EnclaveSettings changed = Assert.IsType<EnclaveSettings>(setting.Apply(defaults, other));
        Assert.Equal(other, setting.Format(changed));
        Assert.All(SettingsTable.All.Where(s => s != setting), s => Assert.Equal(s.Format(defaults), s.Format(changed)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_setting_takes_nonsense(string name)
    {
        Setting setting = SettingsTable.All.Single(s => s.Name == name);
        string[] nonsense =
        [
            "", " ", "-1", "+1", "01", "1e3", "0x10", "1,000", "99999999999999999999", "Required", "TRUE", new string('A', 64), new string('a', 63),
        ];
        Assert.All(nonsense, text => Assert.Null(setting.Apply(new EnclaveSettings(), text)));
    }

    [Theory]
    [InlineData("port", "0")]
    [InlineData("port", "4294967295")]
    [InlineData("host_cid", "1")]
    [InlineData("threads", "65")]
    [InlineData("crs_points", "1")]
    [InlineData("crs_points", "16777217")]
    [InlineData("connections", "0")]
    [InlineData("drain_s", "3601")]
    public void A_value_outside_of_its_range_is_refused(string name, string text) =>
        Assert.Null(SettingsTable.All.Single(s => s.Name == name).Apply(new EnclaveSettings(), text));

    internal static string OtherValue(Setting setting, EnclaveSettings than) => new[] { "7", "77", "1", "optional", "refused", new string('5', 64) }
        .First(text => text != setting.Format(than) && setting.Apply(than, text) is not null);
}
