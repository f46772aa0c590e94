using System.Globalization;

namespace Init.Testing.Campaign;

/// <summary>How long the campaign's tests take, from the environment that scripts/campaign.mjs sets; without it, as short as in CI.</summary>
public static class CampaignPlan
{
    /// <summary>How long the mixed load lasts.</summary>
    public static TimeSpan Soak => Seconds("CAMPAIGN_SOAK_S", 60);

    /// <summary>How long it lasts on the production image.</summary>
    public static TimeSpan GuestSoak => Seconds("CAMPAIGN_GUEST_SOAK_S", 30);

    /// <summary>How long nobody reads the console.</summary>
    public static TimeSpan Console => Seconds("CAMPAIGN_CONSOLE_S", 10);

    /// <summary>Clients that come and go over vsock.</summary>
    public static int GuestConnects => (int)Number("CAMPAIGN_GUEST_CONNECTS", 1_000);

    /// <summary>What decides every choice of the load. Each test says which it had.</summary>
    public static int Seed { get; } = (int)Number("CAMPAIGN_SEED", Environment.TickCount & int.MaxValue);

    private static TimeSpan Seconds(string name, long otherwise) => TimeSpan.FromSeconds(Number(name, otherwise));

    private static long Number(string name, long otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
