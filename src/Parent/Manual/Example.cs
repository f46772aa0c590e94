namespace Init.Parent.Manual;

/// <summary>How a command is used.</summary>
/// <param name="CommandLine">What is typed; a test parses it.</param>
/// <param name="Does">What that does.</param>
internal readonly record struct Example(string CommandLine, string Does);
