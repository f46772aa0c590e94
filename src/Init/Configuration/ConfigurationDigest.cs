using System.Security.Cryptography;
using System.Text;
using Init.Wire;

namespace Init.Configuration;

/// <summary>What PCR16 is extended with: all settings, so that an attestation document shows what the enclave runs with.</summary>
internal static class ConfigurationDigest
{
    /// <summary>
    /// The settings as deterministic CBOR: a map of every name to its value as it would be written on the command line, those with
    /// their default included. Keys in the order of RFC 8949 section 4.2.1: shorter ones first, then bytewise.
    /// </summary>
    public static byte[] Encode(EnclaveSettings settings)
    {
        Setting[] ordered = InOrder(SettingsTable.All);
        return CborWriter.ToArray((ref CborWriter writer) =>
        {
            writer.WriteMapHeader(ordered.Length);
            foreach (Setting setting in ordered)
            {
                writer.WriteText(Encoding.UTF8.GetBytes(setting.Name));
                writer.WriteText(Encoding.UTF8.GetBytes(setting.Format(settings)));
            }
        });
    }

    /// <summary>SHA-384 of <see cref="Encode"/>, 48 bytes.</summary>
    public static byte[] Compute(EnclaveSettings settings) => SHA384.HashData(Encode(settings));

    /// <summary>What PCR16 holds after it was extended once with a digest: SHA-384(48 zeros ‖ digest).</summary>
    public static byte[] PcrAfter(ReadOnlySpan<byte> digest)
    {
        byte[] extended = new byte[SHA384.HashSizeInBytes + digest.Length];
        digest.CopyTo(extended.AsSpan(SHA384.HashSizeInBytes));
        return SHA384.HashData(extended);
    }

    // By insertion: a boot does it once, and what is sorted is short.
    private static Setting[] InOrder(Setting[] settings)
    {
        Setting[] ordered = new Setting[settings.Length];
        for (int count = 0; count < settings.Length; count++)
        {
            int place = count;
            for (; place > 0 && IsBefore(settings[count].Name, ordered[place - 1].Name); place--)
            {
                ordered[place] = ordered[place - 1];
            }

            ordered[place] = settings[count];
        }

        return ordered;
    }

    private static bool IsBefore(string a, string b) => a.Length != b.Length ? a.Length < b.Length : string.CompareOrdinal(a, b) < 0;
}
