using System.Globalization;
using Init.Testing;

namespace Init.Attestation.Tests;

/// <summary>A document that a real NSM made, from the shared vectors; its name ends with its time.</summary>
internal sealed class RealDocument
{
    private const string NameFormat = "yyyy-MM-dd'T'HHmmss.fff'Z'";

    private RealDocument(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        Name = name;
        Bytes = File.ReadAllBytes(path);
        Time = DateTimeOffset.ParseExact(name[^22..], NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    public static TheoryData<string> Names => Places.Vectors is null ? ["none"] : [.. All().Select(document => document.Name)];

    public string Name { get; }

    public byte[] Bytes { get; }

    public DateTimeOffset Time { get; }

    public bool IsDebug => Name.Contains("debug", StringComparison.Ordinal);

    public static RealDocument Named(string name) => All().Single(document => document.Name == name);

    public static IEnumerable<RealDocument> All() =>
        Directory.GetFiles(Places.Vector("attestation"), "*.bin").Order(StringComparer.Ordinal).Select(path => new RealDocument(path));

    public AttestationReport Verify(DateTimeOffset at, AttestationPolicy? policy = null) => Verify(Bytes, at, policy);

    /// <summary>Other bytes in its place.</summary>
    public AttestationReport Verify(byte[] bytes, DateTimeOffset at, AttestationPolicy? policy = null) =>
        new AttestationVerifier(policy ?? new AttestationPolicy { AllowDebug = IsDebug }, new ManualTime(at)).Verify(bytes);
}
