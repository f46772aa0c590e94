using System.Globalization;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Init.Testing.Campaign;

/// <summary>Tells xunit the traits of a <see cref="FailureModeAttribute"/>.</summary>
public sealed class FailureModeDiscoverer : ITraitDiscoverer
{
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute)
    {
        ArgumentNullException.ThrowIfNull(traitAttribute);
        int number = (int)traitAttribute.GetConstructorArguments().First();
        return [new("Category", "FailureMode"), new("FailureMode", number.ToString(CultureInfo.InvariantCulture))];
    }
}
