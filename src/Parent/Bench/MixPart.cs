using System.Globalization;

namespace Init.Parent.Bench;

/// <summary>One operation of a mix.</summary>
/// <param name="Workload">The operation.</param>
/// <param name="EchoBytes">How much an echo carries.</param>
/// <param name="Weight">Its share, beside the others' shares.</param>
internal sealed record MixPart(Workload Workload, int EchoBytes, double Weight)
{
    /// <summary>As it is typed.</summary>
    public string Name => Workload == Workload.Echo
        ? string.Create(CultureInfo.InvariantCulture, $"echo:{EchoBytes}")
        : NameOf(Workload);

    /// <summary>An operation as it is typed.</summary>
    public static string NameOf(Workload workload) => workload.ToString().ToLowerInvariant();
}
