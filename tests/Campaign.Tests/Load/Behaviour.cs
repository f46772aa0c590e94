namespace Init.Campaign.Tests.Load;

/// <summary>Something that clients do.</summary>
/// <param name="Name">For the count.</param>
/// <param name="Weight">How often, compared with the others.</param>
/// <param name="DoAsync">Does it once.</param>
internal sealed record Behaviour(string Name, int Weight, Func<SoakClient, Random, Task<Outcome>> DoAsync)
{
    /// <summary>Everything that clients do, good and bad.</summary>
    public static IReadOnlyList<Behaviour> All { get; } = [.. GoodClients.All, .. HostileClients.All, .. BadCircuits.All];

    /// <summary>One of all, by its weight.</summary>
    public static Behaviour Pick(Random random)
    {
        int at = random.Next(All.Sum(behaviour => behaviour.Weight));
        return All.First(behaviour => (at -= behaviour.Weight) < 0);
    }
}
