namespace Init.Attestation.Tests;

/// <summary>A fact that another program judges, skipped where the machine does not have it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            Skip = $"skipped: no {program}";
        }
    }
}
