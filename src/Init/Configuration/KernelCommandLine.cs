namespace Init.Configuration;

/// <summary>Reads the settings from the kernel's command line. What begins with <c>init.</c> is ours and must be right.</summary>
internal static class KernelCommandLine
{
    private const string Prefix = "init.";

    /// <summary>The settings, with defaults for what is not named.</summary>
    /// <exception cref="SettingsException">An unknown setting, a value that it may not have, a second value.</exception>
    public static EnclaveSettings Parse(string commandLine)
    {
        ArgumentNullException.ThrowIfNull(commandLine);
        EnclaveSettings settings = new();
        List<Setting> seen = [];
        foreach (string word in commandLine.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            // The kernel also takes a word in quotes.
            if (word.TrimStart('"').StartsWith(Prefix, StringComparison.Ordinal))
            {
                settings = Apply(settings, word, seen);
            }
        }

        return settings;
    }

    private static EnclaveSettings Apply(EnclaveSettings settings, string word, List<Setting> seen)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        Setting setting = (equals < 0 ? null : Find(word.AsSpan(0, equals))) ?? throw new SettingsException($"{Visible(word)}: not a setting");
        if (seen.Contains(setting))
        {
            throw new SettingsException($"{Prefix}{setting.Name}: set twice");
        }

        seen.Add(setting);
        return setting.Apply(settings, word[(equals + 1)..])
            ?? throw new SettingsException($"{Visible(word)}: the value may be {setting.Range()}");
    }

    private static Setting? Find(ReadOnlySpan<char> name)
    {
        foreach (Setting setting in SettingsTable.All)
        {
            if (name.StartsWith(Prefix) && name[Prefix.Length..].SequenceEqual(setting.Name))
            {
                return setting;
            }
        }

        return null;
    }

    private static string Visible(string word) => word.Length <= 80 ? word : string.Concat(word.AsSpan(0, 77), "...");
}
