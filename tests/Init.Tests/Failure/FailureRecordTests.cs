using Init.Failure;
using Init.Wire;

namespace Init.Init.Tests.Failure;

public sealed class FailureRecordTests
{
    [Fact]
    public void It_is_a_map_of_stage_reason_and_uptime_in_milliseconds() =>
        Assert.Equal(
            "a3" + "01" + "636e736d" + "02" + "70" + Convert.ToHexStringLower("open /dev/nsm: x"u8) + "03" + "1903e8",
            Convert.ToHexStringLower(new FailureRecord("nsm", "open /dev/nsm: x", TimeSpan.FromSeconds(1)).Encode()));

    [Fact]
    public void Long_or_strange_text_is_cut_and_made_printable()
    {
        byte[] record = new FailureRecord(new string('s', 100), "\u001b" + new string('\u00e9', 1000), TimeSpan.FromDays(1000)).Encode();
        CborReader reader = new(record, CborRules.Deterministic);
        CborItems fields = reader.ReadMap();
        Assert.True(reader.HasNext(ref fields));
        reader.ReadUInt64();
        Assert.Equal(new string('s', FailureRecord.MaxStageBytes), reader.ReadText(1000));
        Assert.True(reader.HasNext(ref fields));
        reader.ReadUInt64();
        Assert.Equal(new string('?', FailureRecord.MaxReasonBytes), reader.ReadText(1000));
    }
}
