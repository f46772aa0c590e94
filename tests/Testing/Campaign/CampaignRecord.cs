using System.Text.Json;

namespace Init.Testing.Campaign;

/// <summary>What tests tell the campaign: figures for the document, and how far they are. Without a campaign nobody is told.</summary>
public static class CampaignRecord
{
    private static readonly Lock Writing = new();

    /// <summary>A figure for one mode's row: what was measured, under which conditions.</summary>
    public static void Figure(int mode, string text) => Append("CAMPAIGN_FIGURES", JsonSerializer.Serialize(new { mode, text }));

    /// <summary>What came of a load that is about no single mode.</summary>
    public static void Load(string load, string text) => Append("CAMPAIGN_FIGURES", JsonSerializer.Serialize(new { load, text }));

    /// <summary>A line for whoever waits at the terminal.</summary>
    public static void Say(string text) => Append("CAMPAIGN_PROGRESS", text);

    private static void Append(string variable, string line)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } path)
        {
            return;
        }

        lock (Writing)
        {
            File.AppendAllText(path, line + "\n");
        }
    }
}
