using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Init.Eif.Tests;

public sealed class EifMeasurementsTests
{
    private static readonly byte[] Line = Encoding.ASCII.GetBytes(SampleImage.CommandLine);

    [Fact]
    public void One_ramdisk_is_measured_as_the_specification_says()
    {
        EifMeasurements found = SampleImage.Read(SampleImage.Write()).Measurements;
        string pcr0 = Register([.. SampleImage.Kernel, .. Line, .. SampleImage.FirstRamdisk]);
        Assert.Equal(new EifMeasurements(pcr0, pcr0, EifMeasurements.Pcr2OfOneRamdisk), found);
    }

    [Fact]
    public void Two_ramdisks_are_measured_as_the_specification_says()
    {
        byte[] image = SampleImage.Write(ramdisks: [SampleImage.FirstRamdisk, SampleImage.SecondRamdisk]);
        EifMeasurements expected = new(
            Register([.. SampleImage.Kernel, .. Line, .. SampleImage.FirstRamdisk, .. SampleImage.SecondRamdisk]),
            Register([.. SampleImage.Kernel, .. Line, .. SampleImage.FirstRamdisk]),
            Register(SampleImage.SecondRamdisk));
        Assert.Equal(expected, SampleImage.Read(image).Measurements);
    }

    [Fact]
    public void Pcr2_of_one_ramdisk_is_the_register_extended_by_nothing() =>
        Assert.Equal(EifMeasurements.Pcr2OfOneRamdisk, Register([]));

    [Theory]
    [InlineData("kernel", "0 1")]
    [InlineData("command line", "0 1")]
    [InlineData("metadata", "")]
    [InlineData("first ramdisk", "0 1")]
    [InlineData("second ramdisk", "0 2")]
    public void One_changed_byte_changes_the_registers_that_it_should_and_no_other(string what, string expected)
    {
        byte[] Of(string part, byte[] bytes) => what == part ? [(byte)(bytes[0] + 1), .. bytes[1..]] : bytes;
        byte[][] ramdisks = [SampleImage.FirstRamdisk, SampleImage.SecondRamdisk];
        EifMeasurements before = SampleImage.Read(SampleImage.Write(ramdisks: ramdisks)).Measurements;
        byte[] changed = SampleImage.Write(
            Of("kernel", SampleImage.Kernel),
            Encoding.ASCII.GetString(Of("command line", Line)),
            what == "metadata" ? """{"ImageName":"another"}"""u8.ToArray() : null,
            Of("first ramdisk", ramdisks[0]),
            Of("second ramdisk", ramdisks[1]));
        Assert.Equal(expected, string.Join(' ', SampleImage.Read(changed).Measurements.DifferencesFrom(before)));
    }

    [Fact]
    public void The_header_is_not_measured()
    {
        byte[] image = SampleImage.Write();
        Assert.Equal(SampleImage.Read(image).Measurements, SampleImage.Read(SampleImage.With(image, 15, 99)).Measurements);
    }

    [Fact]
    public void Json_is_what_nitro_cli_prints()
    {
        EifMeasurements measurements = new(new string('a', 96), new string('b', 96), new string('c', 96), new string('d', 96));
        using JsonDocument document = JsonDocument.Parse(Json(measurements));
        JsonElement inner = document.RootElement.GetProperty("Measurements");
        Assert.Equal(["HashAlgorithm", "PCR0", "PCR1", "PCR2", "PCR8"], inner.EnumerateObject().Select(p => p.Name));
        Assert.Equal("Sha384 { ... }", inner.GetProperty("HashAlgorithm").GetString());
        Assert.Equal(new string('d', 96), inner.GetProperty("PCR8").GetString());
        Assert.Equal(measurements, EifMeasurements.FromJson(Json(measurements)));
    }

    [Fact]
    public void Json_without_its_outer_object_is_read_in_any_case_of_letters()
    {
        string json = $$"""{"PCR0":"{{new string('A', 96)}}","PCR1":"{{new string('b', 96)}}","PCR2":"{{new string('c', 96)}}"}""";
        Assert.Equal(new string('a', 96), EifMeasurements.FromJson(Encoding.UTF8.GetBytes(json)).Pcr0);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{\"Measurements\":3}", "not a JSON object")]
    [InlineData("{}", "PCR0 is missing")]
    [InlineData("{\"PCR0\":1}", "PCR0 is not 96")]
    [InlineData("{\"PCR0\":\"abcd\"}", "PCR0 is not 96")]
    [InlineData("{\"PCR0\":\"\\ud800\"}", "not JSON")]
    public void Json_without_measurements_is_refused(string json, string cause) =>
        Fails.With(EifError.Measurements, cause, () => EifMeasurements.FromJson(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_digit_that_is_none_is_refused()
    {
        string json = $$"""{"PCR0":"{{new string('g', 96)}}"}""";
        Fails.With(EifError.Measurements, "PCR0 is not 96", () => EifMeasurements.FromJson(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Without_an_expected_pcr8_a_signature_makes_no_difference_and_with_one_it_must_be_there()
    {
        EifMeasurements unsigned = new(new string('a', 96), new string('b', 96), new string('c', 96));
        EifMeasurements signed = unsigned with { Pcr8 = new string('d', 96) };
        Assert.Empty(signed.DifferencesFrom(unsigned));
        Assert.Equal([8], unsigned.DifferencesFrom(signed));
        Assert.Equal([8], (signed with { Pcr8 = new string('e', 96) }).DifferencesFrom(signed));
        Assert.Equal([1], (signed with { Pcr1 = signed.Pcr0 }).DifferencesFrom(signed));
    }

    /// <summary>A register after one extension, from nothing but the hash.</summary>
    private static string Register(byte[] measured) =>
        Convert.ToHexStringLower(SHA384.HashData([.. new byte[48], .. SHA384.HashData(measured)]));

    private static byte[] Json(EifMeasurements measurements)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            measurements.WriteJson(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
