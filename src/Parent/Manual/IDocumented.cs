namespace Init.Parent.Manual;

/// <summary>A command that shows how it is used: the help and the manual page print it.</summary>
internal interface IDocumented
{
    /// <summary>Two or more.</summary>
    IReadOnlyList<Example> Examples { get; }
}
