using System.Security.Cryptography;
using Init.Configuration;
using Init.Wire;

namespace Init.Init.Tests.Configuration;

public sealed class ConfigurationDigestTests
{
    [Fact]
    public void It_covers_every_setting_as_deterministic_cbor()
    {
        EnclaveSettings settings = new() { Port = 7000 };
        byte[] document = ConfigurationDigest.Encode(settings);
        CborReader reader = new(document, CborRules.Deterministic);
        CborItems entries = reader.ReadMap();
        Dictionary<string, string> read = [];
        while (reader.HasNext(ref entries))
        {
            string name = reader.ReadText(64);
            read.Add(name, reader.ReadText(64));
        }

        Assert.Equal(SettingsTable.All.ToDictionary(s => s.Name, s => s.Format(settings)), read);
    }

    [Fact]
    public void Every_setting_changes_it()
    {
        EnclaveSettings defaults = new();
        HashSet<string> digests = [Hex(defaults)];
        Assert.All(SettingsTable.All, s => Assert.True(digests.Add(Hex(s.Apply(defaults, SettingsTableTests.OtherValue(s, defaults))!))));
    }

    [Fact]
    public void The_pcr_is_what_an_extension_of_zeros_gives()
    {
        byte[] digest = ConfigurationDigest.Compute(new EnclaveSettings());
        Assert.Equal(SHA384.HashData([.. new byte[48], .. digest]), ConfigurationDigest.PcrAfter(digest));
    }

    private static string Hex(EnclaveSettings settings) => Convert.ToHexString(ConfigurationDigest.Compute(settings));
}
