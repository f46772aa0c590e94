using System.Text;
using Init.Testing;
using Init.Testing.Campaign;

namespace Init.Nsm.Tests;

/// <summary>The bytes that reach the device, written out by hand.</summary>
public sealed class NsmRequestTests
{
    private const string Index = "65" + "696e646578";

    [Fact]
    public void Commands_without_arguments_are_bare_text()
    {
        Assert.Equal("6b" + Hex("DescribeNSM"), Hex(NsmRequests.DescribeNsm()));
        Assert.Equal("69" + Hex("GetRandom"), Hex(NsmRequests.GetRandom()));
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(23, "17")]
    [InlineData(24, "1818")]
    [InlineData(31, "181f")]
    public void An_index_is_as_short_as_can_be(int index, string encoded)
    {
        Assert.Equal("a1" + "6b" + Hex("DescribePCR") + "a1" + Index + encoded, Hex(NsmRequests.DescribePcr(index)));
        Assert.Equal("a1" + "67" + Hex("LockPCR") + "a1" + Index + encoded, Hex(NsmRequests.LockPcr(index)));
    }

    [Fact]
    public void A_range_is_a_number() =>
        Assert.Equal("a1" + "68" + Hex("LockPCRs") + "a1" + "65" + Hex("range") + "1820", Hex(NsmRequests.LockPcrs(32)));

    [Fact]
    public void Extending_carries_index_and_data() =>
        Assert.Equal(
            "a1" + "69" + Hex("ExtendPCR") + "a2" + Index + "10" + "64" + Hex("data") + "43010203",
            Hex(NsmRequests.ExtendPcr(16, new byte[] { 1, 2, 3 })));

    [Fact]
    public void What_an_attestation_does_not_carry_is_null() =>
        Assert.Equal(
            "a1" + "6b" + Hex("Attestation") + "a3" + "69" + Hex("user_data") + "f6" + "65" + Hex("nonce") + "42abcd" + "6a" + Hex("public_key") + "f6",
            Hex(NsmRequests.Attestation(new AttestationFields { Nonce = new byte[] { 0xab, 0xcd } })));

    [Theory]
    [InlineData(-1)]
    [InlineData(32)]
    public void A_PCR_that_does_not_exist_is_refused(int index)
    {
        Refuses(() => NsmRequests.DescribePcr(index));
        Refuses(() => NsmRequests.LockPcr(index));
        Refuses(() => NsmRequests.ExtendPcr(index, default));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(33)]
    public void A_range_beyond_the_PCRs_is_refused(int range) => Refuses(() => NsmRequests.LockPcrs(range));

    [FailureMode(32, "Attestation fields over their limits")]
    [Fact]
    public void Attestation_fields_have_limits()
    {
        Attest(NsmLimits.UserDataBytes, NsmLimits.NonceBytes, NsmLimits.PublicKeyBytes);
        Refuses(() => Attest(NsmLimits.UserDataBytes + 1, 0, 0));
        Refuses(() => Attest(0, NsmLimits.NonceBytes + 1, 0));
        Refuses(() => Attest(0, 0, NsmLimits.PublicKeyBytes + 1));
    }

    [Fact]
    public void The_longest_data_to_extend_with_makes_the_longest_request()
    {
        const int Longest = NsmLimits.RequestBytes - 27;
        Assert.Equal(NsmLimits.RequestBytes, NsmRequests.ExtendPcr(16, new byte[Longest]).Length);
        Refuses(() => NsmRequests.ExtendPcr(16, new byte[Longest + 1]));
    }

    [FailureMode(32, "Attestation fields over their limits")]
    [Fact]
    public async Task What_is_out_of_range_never_reaches_the_device()
    {
        GatedDevice device = new();
        using NsmSession session = new(device, new ManualTime());
        Assert.Equal(NsmError.OutOfRange, await Sessions.ErrorOf(session.LockPcrsAsync(33, Sessions.Patience)));
        Assert.Empty(device.Requests);
        Assert.Equal(1, session.Counters.Errors[NsmError.OutOfRange]);
        Assert.Empty(session.Counters.Calls);
    }

    private static byte[] Attest(int userDataBytes, int nonceBytes, int publicKeyBytes) => NsmRequests.Attestation(new AttestationFields
    {
        UserData = new byte[userDataBytes],
        Nonce = new byte[nonceBytes],
        PublicKey = new byte[publicKeyBytes],
    });

    private static void Refuses(Func<byte[]> encode) => Assert.Equal(NsmError.OutOfRange, Assert.Throws<NsmException>(encode).Error);

    private static string Hex(string text) => Hex(Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
