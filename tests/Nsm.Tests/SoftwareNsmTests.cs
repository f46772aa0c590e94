using System.Security.Cryptography;
using Init.Simulator.SoftwareNsm;
using Init.Testing.Campaign;
using Init.Wire;
using static Init.Nsm.Tests.Sessions;

namespace Init.Nsm.Tests;

/// <summary>Every command through the session, and what the module does with its PCRs.</summary>
public sealed class SoftwareNsmTests : IDisposable
{
    private readonly NsmSession _session = OverSoftware(new SoftwareNsmOptions { Pcrs = BootPcrs(), ModuleId = "i-test", IsUnsigned = true });

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task It_describes_itself()
    {
        NsmDescription description = await _session.DescribeAsync(Patience);
        Assert.Equal("i-test", description.ModuleId);
        Assert.Equal(NsmLimits.Pcrs, description.MaxPcrs);
        Assert.Equal(Enumerable.Range(0, 16), description.LockedPcrs);
        Assert.Equal(new Version(1, 0, 0), description.Version);
    }

    [Fact]
    public async Task PCRs_are_those_given_and_0_to_15_are_locked()
    {
        for (int index = 0; index < NsmLimits.Pcrs; index++)
        {
            NsmPcr pcr = await _session.DescribePcrAsync(index, Patience);
            Assert.Equal(index < 16, pcr.IsLocked);
            Assert.Equal(BootPcrs().GetValueOrDefault(index, new byte[48]).ToArray(), pcr.Value.ToArray());
        }
    }

    [Fact]
    public async Task Extending_hashes_the_old_value_and_the_data()
    {
        byte[] first = SHA384.HashData([.. new byte[48], 1, 2]);
        byte[] second = SHA384.HashData([.. first, 3]);
        Assert.Equal(first, (await _session.ExtendPcrAsync(16, new byte[] { 1, 2 }, Patience)).ToArray());
        Assert.Equal(second, (await _session.ExtendPcrAsync(16, new byte[] { 3 }, Patience)).ToArray());
        Assert.Equal(second, (await _session.DescribePcrAsync(16, Patience)).Value.ToArray());
    }

    [Fact]
    public async Task A_locked_PCR_is_not_extended_and_not_locked_again()
    {
        await _session.LockPcrAsync(20, Patience);
        Assert.Equal(NsmError.ReadOnlyIndex, await ErrorOf(_session.ExtendPcrAsync(20, new byte[1], Patience)));
        Assert.Equal(NsmError.ReadOnlyIndex, await ErrorOf(_session.ExtendPcrAsync(0, new byte[1], Patience)));
        Assert.Equal(NsmError.ReadOnlyIndex, await ErrorOf(_session.LockPcrAsync(20, Patience)));
        NsmPcr pcr = await _session.DescribePcrAsync(20, Patience);
        Assert.True(pcr.IsLocked);
        Assert.Equal(new byte[48], pcr.Value.ToArray());
    }

    [Fact]
    public async Task Locking_a_range_locks_what_is_below_it()
    {
        await _session.LockPcrsAsync(18, Patience);
        Assert.Equal(Enumerable.Range(0, 18), (await _session.DescribeAsync(Patience)).LockedPcrs);
        await _session.LockPcrsAsync(32, Patience);
        Assert.Equal(Enumerable.Range(0, 32), (await _session.DescribeAsync(Patience)).LockedPcrs);
    }

    [Fact]
    public async Task A_document_carries_the_fields_and_the_locked_PCRs()
    {
        ReadOnlyMemory<byte> pcr16 = await _session.ExtendPcrAsync(16, new byte[] { 7 }, Patience);
        AttestationFields fields = new() { Nonce = new byte[] { 1, 2 } };
        AttestationDocument before = AttestationDocument.Parse(await _session.GetAttestationAsync(fields, Patience));
        Assert.Equal([1, 2], before.Nonce.ToArray());
        Assert.True(before.UserData.IsEmpty);
        Assert.True(before.PublicKey.IsEmpty);
        Assert.False(before.Pcrs.ContainsKey(16));
        await _session.LockPcrAsync(16, Patience);
        AttestationDocument after = AttestationDocument.Parse(await _session.GetAttestationAsync(fields, Patience));
        Assert.Equal(pcr16.ToArray(), after.Pcrs[16].ToArray());
    }

    [Fact]
    public async Task Random_bytes_are_256_and_differ()
    {
        ReadOnlyMemory<byte> first = await _session.GetRandomAsync(Patience);
        ReadOnlyMemory<byte> second = await _session.GetRandomAsync(Patience);
        Assert.Equal(NsmLimits.RandomBytes, first.Length);
        Assert.NotEqual(first.ToArray(), second.ToArray());
    }

    [Fact]
    public async Task Calls_and_errors_are_counted_by_kind()
    {
        await _session.DescribeAsync(Patience);
        await _session.GetRandomAsync(Patience);
        await _session.GetRandomAsync(Patience);
        await ErrorOf(_session.LockPcrAsync(0, Patience));
        NsmCounters counters = _session.Counters;
        Assert.Equal(
            new Dictionary<NsmCommand, long> { [NsmCommand.DescribeNsm] = 1, [NsmCommand.GetRandom] = 2, [NsmCommand.LockPcr] = 1 },
            counters.Calls);
        Assert.Equal(new Dictionary<NsmError, long> { [NsmError.ReadOnlyIndex] = 1 }, counters.Errors);
        Assert.Equal(1, counters.DeviceOpens);
        Assert.Equal(0, counters.Queued);
    }

    [Theory]
    [InlineData("a1" + "674c6f636b504352" + "a1" + "65696e646578" + "1820", "InvalidIndex")]
    [InlineData("a1" + "6b4465736372696265504352" + "a1" + "65696e646578" + "1820", "InvalidIndex")]
    [InlineData("a1" + "684c6f636b50435273" + "a1" + "6572616e6765" + "1821", "InvalidIndex")]
    [InlineData("a1" + "674c6f636b504352" + "a0", "InvalidOperation")]
    [InlineData("674c6f636b504352", "InvalidOperation")]
    [InlineData("6a48616c7441", "InvalidOperation")]
    [InlineData("a0", "InvalidOperation")]
    [InlineData("", "InvalidOperation")]
    public void What_the_module_does_not_understand_it_answers_with_an_error(string request, string error)
    {
        using SoftwareNsmDevice module = new(new SoftwareNsmOptions { IsUnsigned = true }, TimeProvider.System);
        Assert.Equal(Replies.Error(error), Exchange(module, Convert.FromHexString(request)));
    }

    [Fact]
    public void Inputs_over_their_limits_are_too_large()
    {
        using SoftwareNsmDevice module = new(new SoftwareNsmOptions { IsUnsigned = true }, TimeProvider.System);
        Assert.Equal(Replies.Error("InputTooLarge"), Exchange(module, new byte[NsmLimits.RequestBytes + 1]));
        byte[] nonce = Replies.Bytes("Attestation", "nonce", new byte[NsmLimits.NonceBytes + 1]);
        Assert.Equal(Replies.Error("InputTooLarge"), Exchange(module, nonce));
    }

    [FailureMode(34, "A reply near 12 KiB")]
    [Fact]
    public void A_reply_that_does_not_fit_is_cut_off_without_a_sign()
    {
        using SoftwareNsmDevice module = new(new SoftwareNsmOptions { IsUnsigned = true }, TimeProvider.System);
        Assert.Equal(10, module.Exchange(NsmRequests.DescribeNsm(), new byte[10]));
    }

    [Theory]
    [InlineData(16, 47)]
    [InlineData(32, 48)]
    [InlineData(-1, 48)]
    public void A_PCR_given_at_the_start_exists_and_has_48_bytes(int index, int lengthBytes) =>
        Assert.Throws<ArgumentException>(() => new SoftwareNsmDevice(
            new SoftwareNsmOptions { Pcrs = new Dictionary<int, ReadOnlyMemory<byte>> { [index] = new byte[lengthBytes] } },
            TimeProvider.System));

    private static byte[] Exchange(SoftwareNsmDevice module, byte[] request)
    {
        byte[] response = new byte[NsmLimits.ResponseBytes];
        return response[..module.Exchange(request, response)];
    }
}
