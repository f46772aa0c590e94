namespace Init.Configuration;

/// <summary>A word of the kernel's command line that begins with <c>init.</c> and is not a setting with a value in its range.</summary>
/// <param name="message">The word, what it may be.</param>
internal sealed class SettingsException(string message) : Exception(message);
