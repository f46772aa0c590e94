namespace Init.Parent.Manual;

/// <summary>What the values of options and arguments are called in the help. The completions offer files and folders by these.</summary>
internal static class Value
{
    public const string Address = "ADDRESS";
    public const string File = "FILE";
    public const string Image = "IMAGE";
    public const string Folder = "FOLDER";
    public const string Hex = "HEX";
    public const string Seconds = "SECONDS";
    public const string Milliseconds = "MS";
    public const string Number = "N";
    public const string Text = "TEXT";

    /// <summary>Whether a file is meant.</summary>
    public static bool IsFile(string? name) => name is File or Image;

    /// <summary>Whether a folder is meant.</summary>
    public static bool IsFolder(string? name) => name is Folder;
}
